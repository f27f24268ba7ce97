#!/usr/bin/env bash
# Builds jixiao and its peers, makes the corpora, and prints a table a corpus and the goals: benches/compare.sh [DIR] [options of compare.py]
# Needs Rust, Python 3 with venv, and the network for what it installs. What is made stays in DIR for the next run. The .xls are made
# by LibreOffice (soffice); without it their row is left out. JIXIAO=PATH compares a binary that is already there.
set -euo pipefail
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
if [[ $# -gt 0 && $1 != -* ]]; then
    rmdir "$work"
    work=$1
    shift
fi
mkdir -p "$work"
echo "working in $work" >&2

jixiao=${JIXIAO:-}
district=${DISTRICT:-}
if [[ -z $jixiao ]]; then
    (cd "$here/.." && cargo build --release --locked --quiet)
    jixiao=$here/../target/release/jixiao
fi
(cd "$here/peers" && cargo build --release --quiet)

python=$work/venv/bin/python
if [[ ! -x $python ]]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet openpyxl pandas python-calamine xlsxwriter
fi

if [[ ! -d $work/district ]]; then
    if [[ -z $district ]]; then
        (cd "$here/.." && cargo build --release --locked --quiet --example district)
        district=$here/../target/release/examples/district
    fi
    "$district" --out "$work/district" >/dev/null
fi
[[ -d $work/drawn ]] || "$python" "$here/peers/python/corpus.py" "$work/drawn" 500

if [[ ! -d $work/xls ]] && command -v soffice >/dev/null; then
    mkdir "$work/xls.part"
    find "$work/drawn" -name '*.xlsx' | sort | head -100 | tr '\n' '\0' |
        xargs -0 soffice "-env:UserInstallation=file://$work/soffice" --headless --convert-to xls --outdir "$work/xls.part" >/dev/null 2>&1
    mv "$work/xls.part" "$work/xls"
fi
[[ -d $work/xls ]] && set -- --xls "$work/xls" "$@"

exec python3 "$here/compare.py" "$work/district/收件" "$work/drawn" --jixiao "$jixiao" --python "$python" "$@"
