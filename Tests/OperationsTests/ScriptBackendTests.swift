import Engine
import Foundation
import Glibc
import Model
import Operations
import Testing

/// Real scripts under real guards.
@Suite(
    "The backend of scripts",
    .serialized,
    .enabled(if: ScriptStage.canRun, "there is no program at \(ScriptStage.guardPath)")
)
struct ScriptBackendTests {
    // MARK: Ends

    @Test("reports lines, progress, results and the end of a script")
    func runs() async throws {
        let stage = try ScriptStage([
            "a": """
            echo "hello $1 $SIZE in $(basename "$PWD")"
            echo "::progress 40 copying"
            echo "::result disk=vol-7"
            echo oops >&2
            """
        ])
        stage.begin("a", ["arguments": "[\"a b\"]", "env.SIZE": "4"])
        #expect(try await stage.end() == .done(["disk": "vol-7"]))
        #expect(stage.lines.contains(LogText(.info, "hello a b 4 in scratch")))
        #expect(stage.lines.contains(LogText(.warning, "oops")))
        #expect(stage.heard.contains { $0.event == .progress(40, "copying") })
        #expect(stage.heard.first?.event == .accepted)
        stage.perform(.clear(operation: "1/0/1"))
        stage.perform(.probe(operation: "1/0/1"))
        #expect(try await stage.end() == .unknown)
        #expect(stage.records.isEmpty)
    }

    @Test(
        "tells by its exit status how a script ended",
        arguments: [
            ("exit 0", "done"), ("exit 3", "warning"), ("echo ::warning two of three", "warning"),
            ("exit 5", "5 ExitStatus permanent"), ("exit 75", "75 TryAgain transient"),
            ("kill -9 $$", "137 SIGKILL permanent"), ("kill $$", "143 SIGTERM permanent"),
        ]
    )
    func statuses(script: String, expected: String) async throws {
        let stage = try ScriptStage(["a": script])
        stage.begin("a")
        let word: String
        switch try await stage.end() {
        case .done: word = "done"
        case .doneWithWarning: word = "warning"
        case .failed(let failure):
            word = "\(failure.code.number) \(failure.code.name) \(failure.kind.rawValue)"
        case let other: word = "\(other)"
        }
        #expect(word == expected)
    }

    @Test("says why a script could not be started")
    func notStarted() async throws {
        let stage = try ScriptStage(["a": ""])
        try "#!/no/such/interpreter\n".write(
            toFile: stage.folder + "/a",
            atomically: true,
            encoding: .utf8
        )
        chmod(stage.folder + "/a", 0o755)
        stage.begin("a")
        guard case .failed(let failure) = try await stage.end() else {
            Issue.record("it did not fail: \(stage.heard)")
            return
        }
        #expect(failure.code.name == "NotStarted")
    }

    @Test("hands a script nothing but what is listed, and an empty standard input")
    func cleanSurroundings() async throws {
        let stage = try ScriptStage([
            "a": """
            env | cut -d= -f1 | sort | grep -v -e ^_ -e ^PWD -e ^SHLVL | tr '\\n' ' '; echo
            read -r x; echo "read $?"
            ls /proc/self/fd | wc -l
            """
        ])
        setenv("SBX_LEAK", "1", 1)
        stage.begin("a", ["env.SIZE": "4", "secret.TOKEN": "hush-hush"])
        _ = try await stage.end()
        let texts = stage.lines.map(\.text)
        let expected =
            "HOME LANG PATH SIGNALBOX_ATTEMPT SIGNALBOX_JOB SIGNALBOX_OPERATION "
            + "SIGNALBOX_PROGRAM SIGNALBOX_RUN SIZE TMPDIR TOKEN "
        #expect(texts.contains(expected))
        #expect(texts.contains("read 1"))
        // Its own three, and the one with which ls reads the folder.
        #expect(texts.contains("4"))
    }

    @Test("never shows what is secret")
    func secrets() async throws {
        let stage = try ScriptStage(["a": "echo \"it is $TOKEN\"; echo \"$TOKEN\" >&2"])
        stage.begin("a", ["secret.TOKEN": "hush-hush"])
        _ = try await stage.end()
        #expect(
            stage.lines == [
                LogText(.info, "it is ********"), LogText(.warning, "********"),
            ]
                || stage.lines == [
                    LogText(.warning, "********"), LogText(.info, "it is ********"),
                ]
        )
    }

    // MARK: Bounds

    @Test("survives a hundred megabytes without a line's end, and keeps little of them")
    func flood() async throws {
        let stage = try ScriptStage(["a": "head -c 100000000 /dev/zero; exit 5"])
        stage.begin("a")
        guard case .failed = try await stage.end() else {
            Issue.record("it did not fail: \(stage.heard)")
            return
        }
        #expect(stage.lines.count == 1)
        #expect((stage.lines.first?.text.count ?? .max) < 1100)
    }

    @Test("keeps so many lines of a run, and says how many were left out")
    func manyLines() async throws {
        let stage = try ScriptStage(["a": "seq 1 5000"]) { program in
            program.limits.lines = 100
            program.limits.linesPerSecond = 10_000
        }
        stage.begin("a")
        #expect(try await stage.end() == .done([:]))
        #expect(stage.lines.count == 101)
        #expect(stage.lines.last?.text.hasPrefix("4900 lines were left out") == true)
    }

    @Test("goes on when a script closes its output")
    func closedOutput() async throws {
        let stage = try ScriptStage([
            "a": "mkfifo $T/go; echo closing; exec >&- 2>&-; read -r x <$T/go; exit 5"
        ])
        stage.begin("a")
        try await stage.line("closing")
        try "go\n".write(toFile: stage.folder + "/go", atomically: false, encoding: .utf8)
        guard case .failed(let failure) = try await stage.end() else {
            Issue.record("\(stage.heard)")
            return
        }
        #expect(failure.code.number == 5)
    }

    // MARK: Stopping

    @Test("ends all processes of a script that is stopped, also those that left its group")
    func killsAll() async throws {
        let stage = try ScriptStage([
            "a": """
            trap '' TERM
            echo $$ >$T/main
            sleep 10000 & echo $! >$T/child
            setsid bash -c "trap '' TERM; echo \\$\\$ >$T/session; sleep 10000 & \\
                echo \\$! >$T/grandchild; echo ready; wait" &
            wait
            """
        ]) { $0.grace = 1 }
        stage.begin("a")
        try await stage.line("ready")
        let processes = try stage.processes("main", "child", "session", "grandchild")
        #expect(processes.allSatisfy(stage.lives))
        stage.interrupt()
        #expect(try await stage.end() == .interrupted)
        #expect(processes.filter(stage.lives) == [])
    }

    @Test("lets a script clean up when it is asked to end")
    func cleansUp() async throws {
        let stage = try ScriptStage([
            "a": "trap 'echo cleaned; exit 0' TERM; echo ready; while :; do read -t 1 <> <(:); done"
        ]) { $0.grace = 60_000 }
        stage.begin("a")
        try await stage.line("ready")
        stage.interrupt()
        #expect(try await stage.end() == .interrupted)
        #expect(stage.lines.contains(LogText(.info, "cleaned")))
    }

    @Test("ends when a script does, though a child of it holds the pipe")
    func heldPipe() async throws {
        let stage = try ScriptStage(["a": "setsid sleep 10000 & echo $! >$T/child; exit 0"])
        stage.begin("a")
        #expect(try await stage.end() == .done([:]))
        #expect(try stage.processes("child").filter(stage.lives) == [])
    }

    @Test("ends a script that runs for too long")
    func timeout() async throws {
        let stage = try ScriptStage(["a": "sleep 10000"]) { $0.timeout = 1 }
        stage.begin("a")
        guard case .failed(let failure) = try await stage.end() else {
            Issue.record("\(stage.heard)")
            return
        }
        #expect(failure.code.name == "Timeout")
    }

    // MARK: Names, fences, crashes

    @Test("runs a name once, however often it is called")
    func once() async throws {
        let stage = try ScriptStage(["a": "echo run >>$T/runs; exit 0"])
        let call = stage.call("1/0/1", "a")
        stage.perform(call)
        stage.perform(call)
        _ = try await stage.end()
        stage.perform(.clear(operation: "1/0/1"))
        stage.perform(call)
        guard case .refused = try await stage.end() else {
            Issue.record("\(stage.heard)")
            return
        }
        let runs = try String(contentsOfFile: stage.folder + "/runs", encoding: .utf8)
        #expect(runs == "run\n")
    }

    @Test("refuses the calls of an engine that was replaced")
    func fences() async throws {
        let stage = try ScriptStage(["a": "mkfifo $T/go; echo ready; read -r x <$T/go"])
        stage.perform(stage.call("1/0/1", "a", fence: 50))
        try await stage.line("ready")
        stage.perform(stage.call("2/0/1", "a", fence: 40))
        guard case .refused(let failure) = try await stage.end(of: "2/0/1") else {
            Issue.record("\(stage.heard)")
            return
        }
        #expect(failure.code.name == "Stale")
        stage.perform(.interrupt(operation: "1/0/1", fence: 49))
        try await stage.hear("a refusal") { news in
            if case .notInterruptible = news.event { true } else { false }
        }
        try "go\n".write(toFile: stage.folder + "/go", atomically: false, encoding: .utf8)
        #expect(try await stage.end() == .done([:]))
    }

    @Test("refuses what is not listed, or was changed to something anybody may write")
    func refuses() async throws {
        let stage = try ScriptStage(["a": "exit 0"])
        stage.begin("b")
        guard case .refused = try await stage.end() else {
            Issue.record("\(stage.heard)")
            return
        }
        chmod(stage.folder + "/a", 0o777)
        stage.begin("a", as: "2/0/1")
        guard case .refused(let failure) = try await stage.end(of: "2/0/1") else {
            Issue.record("\(stage.heard)")
            return
        }
        #expect(failure.text.contains("anybody may change"))
        #expect(stage.records.isEmpty)
    }

    @Test("takes up a script that is still running when an engine comes back")
    func adopts() async throws {
        let stage = try ScriptStage([
            "a": "mkfifo $T/go; echo ready; read -r x <$T/go; echo ::result a=b; exit 0"
        ])
        stage.begin("a")
        try await stage.line("ready")
        try stage.reopen()
        stage.perform(.probe(operation: "1/0/1"))
        try await stage.hear("that it is at work") { news in
            if case .progress = news.event { true } else { false }
        }
        try "go\n".write(toFile: stage.folder + "/go", atomically: false, encoding: .utf8)
        #expect(try await stage.end() == .done(["a": "b"]))
    }

    @Test("finds out what became of a script that ended while no engine was there")
    func endedMeanwhile() async throws {
        let stage = try ScriptStage(["a": "mkfifo $T/go; echo ready; read -r x <$T/go; exit 5"])
        stage.begin("a")
        try await stage.line("ready")
        stage.backend.stop()
        try "go\n".write(toFile: stage.folder + "/go", atomically: false, encoding: .utf8)
        try stage.reopen()
        guard case .failed(let failure) = try await stage.end() else {
            Issue.record("\(stage.heard)")
            return
        }
        #expect(failure.code.number == 5)
    }

    @Test("kills what is left of a script whose guard was killed, and says so")
    func guardKilled() async throws {
        let stage = try ScriptStage([
            "a": "trap '' TERM; echo $$ >$T/main; ps -o ppid= $$ >$T/guard; echo ready; wait; "
                + "while :; do sleep 10000; done"
        ])
        stage.begin("a")
        try await stage.line("ready")
        let processes = try stage.processes("main", "guard")
        kill(processes[1], SIGKILL)
        guard case .failed(let failure) = try await stage.end() else {
            Issue.record("\(stage.heard)")
            return
        }
        #expect(failure.code.name == "GuardLost")
        #expect(processes.filter(stage.lives) == [])
    }
}
