#!/usr/bin/env python3
"""Long trials of batches: what tests/batch.rs shows in seconds, by the hundred. Linux; nothing to install.

    trial.py GONGBAO kill [N]      N runs (200) into one folder, each killed at a random moment by SIGKILL, SIGTERM or SIGINT,
                                   then one that goes on: nothing torn, no strays, no process left, same bytes as never killed
    trial.py GONGBAO tiny [N]      N inputs (100000) of a few lines: processor time of a file, and the supervisor's memory
    trial.py GONGBAO folder DIR    one run over whatever lies in DIR: alive at its end, and a row for each file
    trial.py GONGBAO full DIR      a run into DIR, a file system of a few hundred kilobytes: exit 5, nothing torn, and it goes
                                   on when there is room (mount -t tmpfs -o size=256k none DIR)
"""
import hashlib, json, os, random, resource, shutil, signal, subprocess, sys, tempfile, time

TEXT = "云溪县人民政府关于加强河道管理的通知\n云政发〔2022〕{n}号\n各乡镇人民政府：\n请认真执行。\n云溪县人民政府\n2022年6月1日\n"


def texts(folder, n):
    os.makedirs(folder)
    for i in range(n):
        with open(f"{folder}/{i:06}.txt", "w", encoding="utf8") as out:
            out.write(TEXT.format(n=i))


def results(folder):
    found = {}
    for here, _, names in os.walk(folder):
        for name in names:
            if name != "journal.jsonl":
                path = os.path.join(here, name)
                found[os.path.relpath(path, folder)] = hashlib.sha256(open(path, "rb").read()).hexdigest()
    return found


def rows(folder):
    last = {}
    for line in open(f"{folder}/journal.jsonl", encoding="utf8"):
        row = json.loads(line)
        last[row["input"]] = row
    return last


def children(process):
    try:
        return open(f"/proc/{process}/task/{process}/children").read().split()
    except OSError:
        return []


def is_alive(process):
    try:
        return "State:\tZ" not in open(f"/proc/{process}/status").read()
    except OSError:
        return False


def kill(gongbao, n):
    top = tempfile.mkdtemp()
    texts(f"{top}/in", 300)
    run = [gongbao, "run", f"{top}/in", "--quiet", "--resume", "--out"]
    start = time.time()
    subprocess.run(run + [f"{top}/whole"], check=True)
    whole = time.time() - start
    n_orphans = n_torn = 0
    for i in range(n):
        if i % 10 == 0:
            shutil.rmtree(f"{top}/out", ignore_errors=True)
        process = subprocess.Popen(run + [f"{top}/out"], stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0.01, whole))
        workers = children(process.pid)
        process.send_signal(random.choice([signal.SIGKILL] * 4 + [signal.SIGTERM, signal.SIGINT]))
        process.wait()
        time.sleep(1)
        n_orphans += sum(map(is_alive, workers))
        for path, _ in results(f"{top}/out").items():
            if path.endswith(".json"):
                try:
                    json.load(open(f"{top}/out/{path}"))
                except ValueError:
                    n_torn += 1
    subprocess.run(run + [f"{top}/out"], check=True)
    same = results(f"{top}/out") == results(f"{top}/whole")
    print(f"{n} kills: {n_torn} torn, {n_orphans} processes left, {len(rows(f'{top}/out'))} of 300 journalled, same bytes: {same}")
    shutil.rmtree(top)
    return n_torn == n_orphans == 0 and same


def cpu_of(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = subprocess.run(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return code, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def tiny(gongbao, n):
    top = tempfile.mkdtemp()
    texts(f"{top}/in", n)
    process = subprocess.Popen([gongbao, "run", f"{top}/in", "--out", f"{top}/out", "--quiet"])
    peak = 0
    while process.poll() is None:
        try:
            status = open(f"/proc/{process.pid}/status").read()
            peak = max(peak, int(status.split("VmHWM:")[1].split()[0]))
        except (OSError, IndexError):
            pass
        time.sleep(0.2)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    n_ok = sum(row["status"] == "ok" for row in rows(f"{top}/out").values())
    print(f"{n} inputs: exit {process.returncode}, {n_ok} ok, {cpu / n * 1000:.2f} ms of processor time each (workers and supervisor), supervisor {peak / 1024:.0f} MB")
    shutil.rmtree(top)
    return n_ok == n


def folder(gongbao, inputs):
    top = tempfile.mkdtemp()
    files = [path for here, _, names in os.walk(inputs) for path in (os.path.join(here, name) for name in names) if path.lower().endswith((".pdf", ".txt"))]
    code, cpu = cpu_of([gongbao, "run", inputs, "--out", f"{top}/out", "--quiet"])
    by = {}
    for row in rows(f"{top}/out").values():
        key = row["status"] + (f" {row['reason']}" if row["reason"] else "")
        by[key] = by.get(key, 0) + 1
    print(f"{len(files)} files: exit {code}, {sum(by.values())} journalled, {cpu:.0f} s of processor time")
    for key, n in sorted(by.items(), key=lambda it: -it[1]):
        print(f"  {n:6} {key}")
    shutil.rmtree(top)
    return sum(by.values()) == len(files) and "begun" not in by


def full(gongbao, out):
    top = tempfile.mkdtemp()
    texts(f"{top}/in", 400)
    command = [gongbao, "run", f"{top}/in", "--out", out, "--quiet", "--resume"]
    code, _ = cpu_of(command)
    n_torn = 0
    for path in results(out):
        if path.endswith(".json"):
            try:
                json.load(open(f"{out}/{path}"))
            except ValueError:
                n_torn += 1
    strays = [path for path in results(out) if path.endswith(".part")]
    print(f"a full disk: exit {code}, {n_torn} torn, strays {strays}")
    shutil.rmtree(top)
    return code == 5 and n_torn == 0


def main():
    gongbao, what, *rest = sys.argv[1:]
    gongbao = os.path.abspath(gongbao)
    if what in ("kill", "tiny"):
        n = int(rest[0]) if rest else {"kill": 200, "tiny": 100_000}[what]
        held = {"kill": kill, "tiny": tiny}[what](gongbao, n)
    else:
        held = {"folder": folder, "full": full}[what](gongbao, rest[0])
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main()
