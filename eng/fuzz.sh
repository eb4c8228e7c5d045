#!/usr/bin/env bash
# Loads mutated model files, checkpoints and channel configs, with right checksums: eng/fuzz.sh [MUTATIONS OF EACH, 5000]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
DMCP_FUZZ=${1:-5000} exec "$root/eng/test.sh" --filter FullyQualifiedName~HostileFile
