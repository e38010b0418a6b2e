import Foundation
import Testing

extension EndToEnd {
    @Suite("The archive, from the command line")
    struct Archive {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        /// A store with ended jobs: one completed, one failed.
        private func ended() throws {
            let engine = try box.serve()
            try box.done("submit", "noop", "--wait")
            #expect(try box.run("submit", "vm.start", "bad-1", "--wait").code == 1)
            engine.send(SIGTERM)
            #expect(try engine.wait().code == 0)
        }

        @Test("previews, moves, and finds jobs there by the same filters as before")
        func moves() throws {
            try ended()
            let before = try box.done("job", "show", "2").output
            let kept = try box.done("archive", "run").output
            #expect(kept.contains("0 jobs moved"), "\(kept)")

            let preview = try box.done("archive", "run", "--older-than", "0s", "--dry-run")
            #expect(preview.output.contains("2 jobs would be moved"), "\(preview)")
            #expect(try box.jobs().count == 2)
            let moved = try box.done("archive", "run", "--older-than", "0s")
            #expect(moved.output.contains("2 jobs moved to the archive"), "\(moved)")

            #expect(try box.jobs().isEmpty)
            let listed = try box.done("jobs", "--archive", "state:failed", "--json").output
            #expect(listed.contains("\"id\":2") && listed.contains("\"archivedAt\":\"20"))
            #expect(!listed.contains("\"id\":1,"))
            let both = try box.done("jobs", "is:archived", "--sort", "oldest").output
            #expect(both.contains("noop") && both.contains("vm.start"))
            let after = try box.done("job", "show", "2").output
            let facts = after.split(separator: "\n").filter { !$0.hasPrefix("archived") }
            #expect(facts == before.split(separator: "\n"))
            #expect(try box.done("job", "log", "2").output.isEmpty == false)
            #expect(try box.done("job", "events", "2").output.contains("Failed"))
            #expect(try box.done("job", "tree", "1").output.contains("noop"))
            #expect(try box.run("job", "wait", "2").code == 1)
            let status = try box.done("archive").output
            #expect(status.contains("ARCHIVED"), "\(status)")
            #expect(try box.done("submit", "noop").output == "3\n")
        }

        @Test("pins a job, which then outlives retention until it is unpinned")
        func pins() throws {
            try ended()
            let engine = try box.serve()
            try box.done("job", "pin", "1", "--reason", "evidence")
            #expect(try box.done("jobs", "is:pinned", "--json").output.contains("\"evidence\""))
            #expect(try box.done("job", "show", "1").output.contains("evidence"))

            let moved = try box.done("archive", "run", "--older-than", "0s").output
            #expect(moved.contains("1 job moved"), "\(moved)")
            #expect(try box.jobs().map(\.id) == [1])
            try box.done("job", "unpin", "1")
            #expect(try box.run("job", "unpin", "1").code == 3)
            try box.done("archive", "run", "--older-than", "0s")
            #expect(try box.jobs().isEmpty)
            #expect(engine.isAlive)
        }

        /// Writes the configuration.
        private func configure(_ text: String) throws {
            let folder = box.folder + "/config/signalbox"
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
            try text.write(toFile: folder + "/config.yaml", atomically: true, encoding: .utf8)
        }

        @Test("an engine archives by itself what the configuration says")
        func configured() throws {
            try configure("retention: {completed: 0s, failed: never}\n")
            let engine = try box.serve()
            #expect(try box.run("submit", "vm.start", "bad-1", "--wait").code == 1)
            try box.done("submit", "noop", "--wait")
            try eventually("only the failed job is left") {
                try (box.jobs().map(\.id) == [1]).orNil
            }
            #expect(engine.isAlive)
        }

        @Test(
            "refuses rules that make no sense, and says what would be right",
            arguments: [
                ("completed: soon", "completed is a span such as 12h or 30d, or never"),
                ("pending: 1d", "there is no “pending” in retention; there are completed"),
                ("maxJobs: -1", "maxJobs is a number from 0"),
            ]
        )
        func wrong(_ rule: String, _ complaint: String) throws {
            try configure("retention:\n  \(rule)\n")
            let refused = try box.run("archive")
            #expect(refused.code == 64, "\(refused)")
            #expect(refused.errors.contains(complaint), "\(refused)")
            #expect(refused.errors.contains("config.yaml:2"), "\(refused)")
        }
    }
}
