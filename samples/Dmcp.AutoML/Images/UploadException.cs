namespace Dmcp.AutoML.Images;

/// <summary>What is wrong with an upload, for the one who sent it.</summary>
internal sealed class UploadException(string message) : Exception(message);
