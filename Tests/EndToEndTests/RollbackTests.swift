import Foundation
import Testing

extension EndToEnd {
    @Suite("What becomes of work already done")
    struct RollingBack {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        /// The cells of one line of CSV.
        private static func cells(_ line: String) -> [String] {
            var cells = [""]
            var isQuoted = false
            for character in line {
                switch character {
                case "\"": isQuoted.toggle()
                case "," where !isQuoted: cells.append("")
                default: cells[cells.count - 1].append(character)
                }
            }
            return cells
        }

        @Test(
            "is said with the order, and its outcome stands in the list, the job and the export",
            arguments: [("automatic", "failed", "clean"), ("none", "failed", "skipped")]
        )
        func policies(policy: String, state: String, rollback: String) throws {
            let engine = try box.serve()
            let outcome = try box.run("submit", "vm.start", "bad-1", "--rollback", policy, "--wait")

            #expect(outcome.code == 1, "\(outcome)")
            let job = try box.job(1)
            #expect((job.state, job.rollback) == (state, rollback))
            let lines = try box.done("export", "--format", "csv").output
                .split(whereSeparator: \.isNewline).map { Self.cells(String($0)) }
            try #require(lines.count == 2)
            let place = try #require(lines[0].firstIndex(of: "rollback"))
            #expect(lines[1].count == lines[0].count)
            #expect(lines[1][place] == rollback)
            #expect(engine.isAlive)
        }

        @Test("by hand: it waits for a person before anything is undone")
        func manual() throws {
            let engine = try box.serve()
            try box.done("submit", "vm.start", "bad-1", "--rollback", "manual")
            try box.wait(1, ["needsOperator"])

            try box.done("job", "resolve", "1", "--decision", "retry")

            #expect(try box.run("job", "wait", "1").code == 1)
            #expect(try box.job(1).rollback == "clean")
            #expect(engine.isAlive)
        }

        @Test("has no other words, and says which it has")
        func refused() throws {
            let outcome = try box.run("submit", "vm.start", "bad-1", "--rollback", "perhaps")

            #expect(outcome.code == 64, "\(outcome)")
            for word in ["automatic", "manual", "none"] { #expect(outcome.errors.contains(word)) }
        }
    }
}
