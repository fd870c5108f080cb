#!/bin/bash
# Tries the Slurm array for real, on one machine: starts Debian's slurm-wlm with two nodes, submits
# docs/cluster/slurm.sbatch, kills one node and all that runs on it in mid-run, brings it back, submits the
# array again, and compares what the experiment says with a run that nobody disturbed.
#
#     apt-get install -y slurm-wlm munge
#     sudo scripts/slurm-try.sh [FOLDER to keep everything in]
#
# As root, without systemd. Nothing of the machine's own Slurm is touched: configuration, key, state,
# sockets and ports are the script's own, and what it started is ended with it. Exits with 1 if a finished
# job was lost or changed, or if a merged table or plot differs in a byte.
set -euo pipefail

cd "$(dirname "$0")/.."
experiment=src/experiments/fixtures/sixteen-jobs.json
mkdir -p "${1:=$(mktemp -d)}"
work=$(cd "$1" && pwd)
out=$work/array
export SLURM_CONF=$work/slurm.conf

say() { echo "[$(date +%T)] $*"; }
refuse() {
  echo "$1: got $2, expected $3" >&2
  exit 2
}
[ "$(id -u)" = 0 ] || refuse user "$(id -un)" root
for program in munged slurmctld slurmd; do
  command -v $program >/dev/null || refuse $program nothing 'slurm-wlm and munge installed'
done
[ -z "$(ls -A "$work")" ] || refuse folder "$work" 'an empty one'

declare -A started
start() { # NAME COMMAND…
  "${@:2}" >>"$work/$1.out" 2>&1 &
  started[$1]=$!
}
# What runs on a node says so in its environment; the shepherd of each is its parent.
kill_node() {
  local pid shepherds=() jobs=()
  kill -9 "${started[$1]}" && wait "${started[$1]}" 2>/dev/null || true
  for pid in $(grep -lzsx "SLURMD_NODENAME=$1" /proc/[0-9]*/environ | cut -d/ -f3); do
    grep -qzsx "SLURM_CONF=$SLURM_CONF" "/proc/$pid/environ" || continue
    jobs+=("$pid")
    shepherds+=($(ps -o ppid= -p "$pid"))
  done
  for pid in "${shepherds[@]}"; do
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = slurmstepd ] && jobs=("$pid" "${jobs[@]}")
  done
  killed=${#jobs[@]}
  [ "$killed" = 0 ] || kill -9 "${jobs[@]}" 2>/dev/null || true
}
end() {
  scancel --quiet --user=root 2>/dev/null || true
  for node in n1 n2; do [ -z "${started[$node]:-}" ] || kill_node $node; done
  for name in slurmctld munged; do [ -z "${started[$name]:-}" ] || kill "${started[$name]}"; done
  wait
}
trap end EXIT

wait_until() { # SECONDS COMMAND…
  local left=$1
  until "${@:2}" >/dev/null 2>&1; do
    [ $((left--)) -gt 0 ] || refuse "${*:2}" 'no' "success within $1 seconds"
    sleep 1
  done
}
both_idle() { [ "$(sinfo --noheader --Node --states=idle | wc -l)" = 2 ]; }
queue_empty() { [ -z "$(squeue --noheader)" ]; }
finished() { find "$out/jobs" -name '*.json' 2>/dev/null | sort; }
some_finished() { [ "$(finished | wc -l)" -ge 3 ]; }
submit() {
  sbatch --parsable --array=1-4 --cpus-per-task=1 --mem=0 --output="$work/task-%A-%a.log" \
    docs/cluster/slurm.sbatch "$experiment" "$out"
}

cat >"$SLURM_CONF" <<CONF
ClusterName=try
SlurmctldHost=$(hostname -s)
SlurmctldPort=17817
AuthType=auth/munge
AuthInfo=socket=$work/munge.sock
SlurmUser=root
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SlurmdTimeout=10
KillWait=5
NodeName=n1 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=17901 CPUs=1
NodeName=n2 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=17902 CPUs=1
PartitionName=all Nodes=n1,n2 Default=YES State=UP
CONF
mkdir "$work"/{state,spool-n1,spool-n2}
(umask 077 && head -c 128 /dev/urandom >"$work/munge.key")
chmod 755 "$work"

start munged munged --foreground --force --socket="$work/munge.sock" --key-file="$work/munge.key" \
  --pid-file="$work/munge.pid" --log-file="$work/munge.log" --seed-file="$work/munge.seed"
wait_until 10 test -S "$work/munge.sock"
start slurmctld slurmctld -D
start n1 slurmd -D -N n1
start n2 slurmd -D -N n2
wait_until 60 both_idle
say "$(slurmd -V): two nodes are idle; in $work"

array=$(submit)
say "array $array submitted, four tasks of 16 jobs"
wait_until 300 some_finished
kill_node n2
say "$(finished | wc -l) jobs finished; node n2 is killed, and $killed processes of Slurm's jobs on it"
[ "$killed" -gt 0 ] || refuse 'jobs on n2' none 'one in mid-run'
wait_until 60 sh -c "sinfo --noheader --Node --states=down | grep -q n2"
say 'Slurm has noticed; the array is given up'
scancel "$array"
wait_until 60 queue_empty
finished | xargs sha256sum >"$work/before.sha256"
start n2 slurmd -D -N n2
wait_until 60 both_idle

array=$(submit)
say "n2 is back; array $array submitted, with $(wc -l <"$work/before.sha256") of 16 jobs finished before"
wait_until 600 queue_empty
say "$(finished | wc -l) of 16 jobs finished"

sha256sum --check --quiet "$work/before.sha256" || refuse 'finished jobs' 'others' 'those of before'
run=(node scripts/exit-lab.mjs experiment --file "$experiment")
[ "$(finished | wc -l)" = 16 ] || refuse jobs "$(finished | wc -l)" 16
"${run[@]}" --out "$work/undisturbed" --jobs 2 >/dev/null 2>&1
rm "$work/undisturbed/timing.csv" "$out/timing.csv"
diff -r --exclude=jobs --exclude=checkpoints "$work/undisturbed" "$out" || exit 1
say 'no finished job was lost or changed; tables and plots are those of an undisturbed run'
