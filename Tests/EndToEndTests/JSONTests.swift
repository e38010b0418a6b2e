import Foundation
import Testing

extension EndToEnd {
    @Suite("JSON for scripts")
    struct JSONContract {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        private static let jobKeys = [
            "id", "uuid", "parentId", "rootId", "kind", "target", "state", "progress", "waiting",
            "cause", "rollback", "backend", "code", "message", "result", "user", "account",
            "priority", "lane", "attempt", "schedule", "createdAt", "dueAt", "startedAt",
            "finishedAt", "stop", "vocabulary", "pin", "archivedAt",
        ]

        /// The keys of an object's top level, in the order in which they are written.
        private func keys(_ text: String) throws -> [String] {
            let lines = text.split(separator: "\n")
            return lines.compactMap { line in
                guard line.hasPrefix("  \""), let end = line.dropFirst(3).firstIndex(of: "\"")
                else { return nil }
                return String(line[line.index(line.startIndex, offsetBy: 3)..<end])
            }
        }

        @Test("has all the keys of a job, in their order")
        func jobKeys() throws {
            let outcome = try box.done("submit", "noop", "--json")

            #expect(try keys(outcome.output) == Self.jobKeys)
            let shown = try keys(try box.done("job", "show", "1", "--json").output)
            #expect(Array(shown.prefix(Self.jobKeys.count)) == Self.jobKeys)
        }

        @Test("says times in UTC with milliseconds, whatever the time zone")
        func times() throws {
            let engine = try box.serve()
            try box.done("submit", "noop", "--at", "2026-01-05T10:00:00+02:00", "--wait")

            let text = try box.done("job", "show", "1", "--json").output
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            )

            for key in ["createdAt", "startedAt", "finishedAt", "dueAt"] {
                let time = object[key] as? String ?? "nothing"
                let isGood = time.wholeMatch(
                    of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#
                )
                #expect(isGood != nil, "\(key) is \(time)")
            }
            #expect(object["dueAt"] as? String == "2026-01-05T08:00:00.000Z")
            #expect(engine.isAlive)
        }

        static let lists = [
            ["jobs"], ["jobs", "--tree"], ["vm"], ["host"], ["lane"], ["lock"], ["kinds"],
            ["job", "tree", "1"], ["job", "log", "1"], ["job", "events", "1"],
        ]

        @Test("is an array wherever something is listed")
        func arrays() throws {
            let engine = try box.serve()
            try box.done("submit", "vm.start", "off-1", "--wait")

            for list in Self.lists {
                let outcome = try box.run(list + ["--json"])
                outcome.mustSucceed()
                let value = try? JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
                #expect(value is [Any], "\(outcome)")
            }
            #expect(engine.isAlive)
        }

        @Test("keeps text from outside as data")
        func hostile() throws {
            let key = "a \"quoted\"\u{1B}[31m\\ key\u{202E}"
            try box.done("submit", "noop", "--key", key, "--account", "x\u{1B}]0;owned\u{7}y")

            for arguments in [["jobs", "--json"], ["jobs"], ["job", "show", "1"]] {
                let outcome = try box.run(arguments)
                outcome.mustSucceed()
                #expect(!outcome.output.contains("\u{1B}"), "\(arguments) sends an escape")
                #expect(!outcome.output.contains("\u{7}"), "\(arguments) rings the bell")
            }
        }

        @Test("follows changes with one object a line")
        func follows() throws {
            let engine = try box.serve()
            let following = try box.start("jobs", "--json", "--follow")
            try box.done("submit", "noop", "--wait")

            try eventually("the end of the job is told", scene: { following.output }) {
                following.output.contains("\"completed\"").orNil
            }
            for line in following.output.split(separator: "\n") {
                let value = try? JSONSerialization.jsonObject(with: Data(line.utf8))
                #expect(value is [String: Any], "\(line)")
            }
            following.send(SIGTERM)
            try following.wait()
            #expect(engine.isAlive)
        }
    }
}
