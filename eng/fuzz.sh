#!/usr/bin/env bash
# Loads mutated model files, checkpoints and channel configs, with right checksums: eng/fuzz.sh [MUTATIONS OF EACH, 5000]
# Every run takes other mutations; DMCP_SEED=... eng/fuzz.sh repeats those of one.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
export DMCP_FUZZ=${1:-5000} DMCP_SEED=${DMCP_SEED:-$(date +%s%N)}
echo "DMCP_SEED=$DMCP_SEED"
exec "$root/eng/test.sh" --filter FullyQualifiedName~HostileFile
