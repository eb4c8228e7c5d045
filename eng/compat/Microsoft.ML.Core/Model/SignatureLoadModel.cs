namespace Microsoft.ML;

/// <summary>Marks, in <see cref="LoadableClassAttribute"/>, a class that can be read from a model file.</summary>
internal delegate void SignatureLoadModel(ModelLoadContext ctx);
