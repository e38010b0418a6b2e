import Foundation
import Testing

extension EndToEnd {
    @Suite("In scripts")
    struct Scripts {
        private let box: Sandbox

        init() throws { box = try Sandbox() }

        private func shell(_ script: String) throws -> Outcome {
            try box.startTool("/bin/sh", ["-c", script]).wait()
        }

        @Test("a reader that goes away early is no error")
        func brokenPipe() throws {
            try box.done("demo", "--headless", "--for", "1h", "--store", box.store)

            let outcome = try shell(
                "{ $SIGNALBOX jobs --limit 10000 --json; echo $? >&2; } | head -c 1 > /dev/null"
            )

            #expect(outcome.errors == "0\n", "\(outcome)")
        }

        @Test("output that cannot be written is an error", .enabled(if: Self.hasFullDevice))
        func fullDevice() throws {
            try box.stage()
            let outcome = try shell("$SIGNALBOX vm > /dev/full")
            #expect(outcome.code == 74, "\(outcome)")
            #expect(outcome.errors.contains("No space left"), "\(outcome)")
        }

        private static let hasFullDevice = access("/dev/full", W_OK) == 0

        @Test("an interrupted wait ends with 130 and changes nothing")
        func interrupted() throws {
            try box.stage()
            let engine = try box.serve()
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            try box.wait(1, ["running"])
            let submitting = try box.start("submit", "noop", "--after", "1", "--wait")
            try eventually("the number is printed") { (submitting.output == "2\n").orNil }
            let following = try box.start("job", "log", "1", "--follow")
            try eventually("the log is followed") { (!following.output.isEmpty).orNil }

            for waiting in [submitting, following] {
                waiting.send(SIGINT)
                #expect(try waiting.wait().code == 130)
            }

            #expect(try box.job(1).state == "running")
            #expect(try box.job(2).state == "pending")
            #expect(engine.isAlive)
        }

        @Test("many submissions with one key at the same moment are one job")
        func sameKey() throws {
            try box.stage()
            let launches = try (0..<8).map { _ in try box.start("submit", "noop", "--key", "one") }

            let outputs = try launches.map { try $0.wait().output }

            #expect(Set(outputs) == ["1\n"])
            #expect(try box.jobs().count == 1)
        }

        @Test("many submissions at the same moment are all recorded")
        func crowd() throws {
            try box.stage()
            let engine = try box.serve()
            let launches = try (0..<12).map { number in
                try box.start("submit", "nic.create", "on-\(number % 4 + 1)", "--wait")
            }

            let outcomes = try launches.map { try $0.wait() }

            for outcome in outcomes { outcome.mustSucceed() }
            #expect(Set(outcomes.compactMap(\.job)).count == 12)
            #expect(engine.isAlive)
        }

        @Test("tells systemd when it is ready and when it ends")
        func notifies() throws {
            try box.stage()
            let socket = try NoticeSocket(box.folder + "/notify")
            box.environment["NOTIFY_SOCKET"] = socket.path
            let engine = try box.start("serve")

            #expect(try socket.receive() == "READY=1")
            engine.send(SIGTERM)
            #expect(try socket.receive() == "STOPPING=1")
            #expect(try engine.wait().code == 0)
        }

        @Test("reads its configuration, and names the line that makes no sense")
        func configuration() throws {
            let store = box.folder + "/other.sqlite"
            box.environment["SIGNALBOX_STORE"] = nil
            let good = try box.write("store: \(store)\naccount: sales\n", to: "good.yaml")
            try box.done("--config", good, "submit", "noop")
            #expect(try box.done("jobs", "--json", "--store", store).output.contains("sales"))

            let bad = try box.write("store: \(store)\ncolour: blue\n", to: "bad.yaml")
            let outcome = try box.run("--config", bad, "jobs")
            #expect(outcome.code == 64, "\(outcome)")
            #expect(outcome.errors.contains("bad.yaml:2"), "\(outcome)")
        }
    }
}
