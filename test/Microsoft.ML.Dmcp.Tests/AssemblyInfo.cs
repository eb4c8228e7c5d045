// libtorch uses both cores by itself, and its random state and thread count are the process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
