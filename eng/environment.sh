# Sourced by the scripts that run the product.
# Huge pages: fewer faults and cache misses of the page table, 10 to 20 % faster training. (What glibc's malloc can be told later, the product tells it.)
export GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# tcmalloc (Debian and Ubuntu: libtcmalloc-minimal4), where it is installed: up to 10 % faster and 40 % less memory than glibc's malloc, which
# leaves holes between libtorch's blocks. To be put before a command: "${allocator[@]}" dotnet ...
allocator=()
if tcmalloc=$(ldconfig -p 2>/dev/null | grep -o -m 1 '/.*/libtcmalloc_minimal\.so\.4$'); then
  allocator=(env "LD_PRELOAD=$tcmalloc${LD_PRELOAD:+:$LD_PRELOAD}" "TCMALLOC_RELEASE_RATE=${TCMALLOC_RELEASE_RATE:-0}")
fi
