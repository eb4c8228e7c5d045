#!/bin/sh
# Imports torchvision's networks and compares their scores with ONNX Runtime's. Needs python3-torch, python3-torchvision and a built test project.
# PYTHON names the interpreter that has them (default python3). Usage: eng/onnx-zoo.sh [name of a network...]
set -e
cd "$(dirname "$0")/.."
. eng/environment.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" eng/onnx-zoo.py "$folder" "$@"
DMCP_ONNX_MODELS=$folder dotnet test test/Microsoft.ML.Dmcp.Tests/bin/Release/net10.0/Microsoft.ML.Dmcp.Tests.dll \
    --filter 'FullyQualifiedName~OnnxZooTests'
