"""Opens the console of a synthetic mesh in a headless Chromium and measures it; test/bench/console.sh says what for."""
import argparse, json, os, pathlib, re, shutil, signal, statistics, subprocess, tempfile, time, urllib.error, urllib.parse, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
FRAMES = 60
TICK = os.sysconf("SC_CLK_TCK")


def started(command, **more):
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True, **more)


def line_with(process, what):
    for line in process.stdout:
        found = re.search(what, line)
        if found:
            return found.group(1)
    raise SystemExit(f"{process.args[0]} ended before it said {what!r}")


def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.read().decode()


class Browser:
    """One Chromium with a profile of its own."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="weft-browser")
        self.driver = started(["/usr/bin/chromedriver", "--port=0"])
        self.base = "http://127.0.0.1:" + line_with(self.driver, r"started successfully on port (\d+)") + "/session"
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                   "--disable-component-update", "--disable-sync", "--force-device-scale-factor=1", "--window-size=1600,900",
                   "--user-data-dir=" + self.profile]
        chrome = {"binary": "/usr/bin/chromium", "args": options}
        answer = json.loads(ask(self.base, {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": chrome}}}))
        self.base += "/" + answer["value"]["sessionId"]
        self.devtools("Performance.enable")

    def visit(self, page):
        ask(self.base + "/url", {"url": page})

    def run(self, script):
        return json.loads(ask(self.base + "/execute/sync", {"script": script, "args": []}))["value"]

    def devtools(self, command, **parameters):
        return json.loads(ask(self.base + "/goog/cdp/execute", {"cmd": command, "params": parameters}))["value"]

    def settled(self):
        """Milliseconds from the beginning of the navigation until the picture was painted; waits up to a minute."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            at = self.run("return window.__weft && window.__weft.settled ? performance.now() : 0")
            if at:
                return at
            time.sleep(0.02)
        raise SystemExit("the picture did not settle within a minute")

    def cpu(self):
        """CPU seconds of all its processes."""
        total = 0
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
                if int(fields[3]) == self.driver.pid:
                    total += int(fields[11]) + int(fields[12])
            except OSError:
                pass
        return total / TICK

    def main_thread(self):
        """Seconds in which the page's own thread worked."""
        return {m["name"]: m["value"] for m in self.devtools("Performance.getMetrics")["metrics"]}["TaskDuration"]

    def interaction(self, step):
        """What a frame costs while `step(i)` is done FRAMES times: milliseconds of all processes, and of the page's thread."""
        self.run("""window.frames_ = 0;
            const count = () => { window.frames_++; window.counting_ = requestAnimationFrame(count); };
            window.counting_ = requestAnimationFrame(count);""")
        before, thread = self.cpu(), self.main_thread()
        for i in range(FRAMES):
            step(i)
        cost, worked = self.cpu() - before, self.main_thread() - thread
        frames = self.run("cancelAnimationFrame(window.counting_); return window.frames_")
        return 1000 * cost / frames, 1000 * worked / frames, frames

    def mouse(self, kind, x, y, **more):
        self.devtools("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def dragged(self):
        self.mouse("mousePressed", 800, 800, button="left", buttons=1, clickCount=1)
        result = self.interaction(lambda i: self.mouse("mouseMoved", 800 + 4 * i, 800 - 3 * i, button="left", buttons=1))
        self.mouse("mouseReleased", 800, 800, button="left")
        return result

    def zoomed(self):
        return self.interaction(lambda i: self.mouse("mouseWheel", 800, 500, deltaX=0, deltaY=40 if i % 20 < 10 else -40))

    def picture(self, file):
        import base64
        file.write_bytes(base64.b64decode(json.loads(ask(self.base + "/screenshot"))["value"]))

    def close(self):
        try:
            urllib.request.urlopen(urllib.request.Request(self.base, method="DELETE"), timeout=30).close()
        finally:
            ended(self.driver)
            shutil.rmtree(self.profile, ignore_errors=True)


def ended(process):
    try:
        os.killpg(process.pid, signal.SIGTERM)
    except ProcessLookupError:
        pass
    process.wait()


class Prometheus:
    """Debian's, scraping one page."""

    def __init__(self, directory):
        self.targets = directory / "targets.json"
        self.targets.write_text("[]")
        config = directory / "prometheus.yml"
        config.write_text(f"""global: {{scrape_interval: 5s, scrape_timeout: 5s}}
scrape_configs:
- job_name: mesh
  file_sd_configs: [{{files: ['{self.targets}'], refresh_interval: 1s}}]
""")
        self.process = started(["/usr/bin/prometheus", f"--config.file={config}", f"--storage.tsdb.path={directory / 'data'}",
                                "--web.listen-address=127.0.0.1:0"], stderr=subprocess.STDOUT)
        self.url = "http://" + line_with(self.process, r'msg="Listening on" address=(\S+)')

    def scrape(self, target):
        self.targets.write_text(json.dumps([{"targets": [target]}]))
        query = urllib.parse.urlencode({"query": "count(increase(istio_requests_total[20s]) > 0)"})
        while not json.loads(ask(f"{self.url}/api/v1/query?{query}"))["data"]["result"]:
            time.sleep(0.5)
        series = urllib.parse.urlencode({"query": "count(istio_requests_total)"})
        return int(json.loads(ask(f"{self.url}/api/v1/query?{series}"))["data"]["result"][0]["value"][1])

    def queries(self):
        """How many it was asked so far, without ranges: the picture's, not the time bar's."""
        counted = re.findall(r'^prometheus_http_requests_total\{code="200",handler="/api/v1/query"\} (\d+)', ask(f"{self.url}/metrics"), re.M)
        return sum(map(int, counted))


class Console:
    def __init__(self, java, directory, namespaces, prometheus=None):
        directory.mkdir(parents=True)
        command = [java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "--enable-native-access=ALL-UNNAMED", "-cp", f"{ROOT}/test/bench/target/test-classes:{ROOT}/tools/cli/target/weft/lib/*", "dev.weft.bench.LargeConsole",
                   str(directory), str(namespaces)] + ([prometheus.url] if prometheus else [])
        self.process = started(command, stdin=subprocess.PIPE, stderr=(directory / "log").open("w"))
        self.url = line_with(self.process, r"^console (\S+)")
        self.metrics = line_with(self.process, r"^metrics (\S+)")

    def page(self, view=""):
        start, token = self.url.split("#")
        return f"{start}topology?{view}#{token}"

    def picture(self, view):
        start, token = self.url.split("/#token=")
        request = urllib.request.Request(f"{start}/api/v1/topology?{view}", headers={"Authorization": "Bearer " + token})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def places(picture):
    return [(n["id"], n.get("x"), n.get("y"), n.get("width"), n.get("height")) for n in picture["nodes"]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--java", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--namespaces", type=int, default=50)
    options = parser.parse_args()
    options.out = options.out.resolve()
    shutil.rmtree(options.out, ignore_errors=True)
    views = {"all, in a fresh process": "", "three namespaces": "ns=namespace-3,namespace-13,namespace-23&level=workload",
             "all, later": ""}
    seen = {name: [] for name in views}
    for run in (1, 2):
        console = Console(options.java, options.out / f"run{run}", options.namespaces)
        try:
            for name, view in views.items():
                browser = Browser()
                try:
                    browser.visit(console.page(view))
                    first = browser.settled()
                    drawn = browser.run("return window.__weft.picture")
                    seen[name].append(places(drawn))
                    browser.picture(options.out / f"{name.replace(', ', '-').replace(' ', '-')}-{run}.png")
                    drag, zoom = browser.dragged(), browser.zoomed()
                    print(f"run {run}, {name}: {len(drawn['nodes'])} nodes, {len(drawn['edges'])} edges, first picture {first:.0f} ms;"
                          f" a frame while dragged {drag[0]:.1f} ms CPU ({drag[1]:.1f} of the page's thread; {drag[2]} frames),"
                          f" while zoomed {zoom[0]:.1f} ({zoom[1]:.1f}; {zoom[2]})", flush=True)
                finally:
                    browser.close()
        finally:
            console.close()
    for name, runs in seen.items():
        print(f"layout, {name}: {'equal' if runs[0] == runs[1] else 'NOT EQUAL'} in both runs", flush=True)
    for namespaces in (1, options.namespaces):
        directory = options.out / f"prometheus{namespaces}"
        directory.mkdir(parents=True)
        prometheus = Prometheus(directory)
        try:
            console = Console(options.java, directory / "console", namespaces, prometheus)
            try:
                series = prometheus.scrape(console.metrics)
                times = []
                before = prometheus.queries()
                for minutes in range(2, 7):
                    since = time.monotonic()
                    picture = console.picture(f"window={60 * minutes}")
                    times.append(time.monotonic() - since)
                print(f"Prometheus, {namespaces} namespaces: {series} series, {(prometheus.queries() - before) / 5:.1f} queries a picture,"
                      f" {1000 * statistics.median(times):.0f} ms for one, source {picture['source']['state']}", flush=True)
            finally:
                console.close()
        finally:
            ended(prometheus.process)


main()
