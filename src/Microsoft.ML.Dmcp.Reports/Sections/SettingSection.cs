using System.Xml.Linq;
using Microsoft.ML.Dmcp.Reports.Page;

namespace Microsoft.ML.Dmcp.Reports.Sections;

/// <summary>The options of the search and of the training.</summary>
internal static class SettingSection
{
    public static XElement Of(PrunedRun run) => Html.Section("options", "Options",
        Table($"The search ({run.Config.Method.Name})", run.Config.Method.Settings),
        run.Network.Settings.Count > 0
            ? Table("The training of the found network", run.Network.Settings)
            : Html.Note($"The network was trained by the method {run.Network.Method}; a model file does not keep its other options."));

    private static XElement Table(string caption, IReadOnlyDictionary<string, string> settings)
    {
        var table = Html.Table(caption, ["option", "value"],
            settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (object[])[s.Key, s.Value]));
        table.Element("table")!.SetAttributeValue("class", "words");
        return table;
    }
}
