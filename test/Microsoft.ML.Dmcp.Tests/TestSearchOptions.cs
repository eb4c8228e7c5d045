using Microsoft.ML.Dmcp.Search;

namespace Microsoft.ML.Dmcp.Tests;

/// <summary>Search options without columns.</summary>
internal sealed class TestSearchOptions : DmcpSearchOptions;
