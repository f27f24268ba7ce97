#!/usr/bin/env bash
# Builds jixiao and its peers, makes the corpora, and prints one table a corpus: benches/compare.sh [DIR] [options of compare.py]
# Needs Rust, Python 3 with venv, and the network for what it installs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:-$(mktemp -d)}
shift || true
mkdir -p "$work"

(cd "$here/.." && cargo build --release --locked --quiet && cargo build --release --locked --quiet --example district)
(cd "$here/peers" && cargo build --release --quiet)

python=$work/venv/bin/python
if [[ ! -x $python ]]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet openpyxl pandas python-calamine xlsxwriter
fi

[[ -d $work/district ]] || "$here/../target/release/examples/district" --out "$work/district"
[[ -d $work/drawn ]] || "$python" "$here/peers/python/corpus.py" "$work/drawn" 500

exec python3 "$here/compare.py" "$work/district/收件" "$work/drawn" --python "$python" "$@"
