namespace TorchSharp.Utils;

/// <summary>The name under which a field's parameter, buffer or module is registered, where it is not the field's own.</summary>
public class ComponentNameAttribute : Attribute
{
    public string? Name { get; set; }
}
