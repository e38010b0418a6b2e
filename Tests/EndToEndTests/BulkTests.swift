import Foundation
import Testing

extension EndToEnd {
    @Suite("Acting on all that a filter selects")
    struct Bulk {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        /// So many jobs that wait for their time.
        private func waiting(_ count: Int) throws {
            let orders = (1...count).map { "- {kind: noop, label: n\($0)}" }
            let file = try box.write(orders.joined(separator: "\n") + "\n", to: "orders.yaml")
            try box.done("submit", "--file", file, "--at", "1h")
        }

        private func ok(_ arguments: [String]) throws -> Outcome {
            let outcome = try box.run(arguments)
            try #require(outcome.code == 0, "\(outcome)")
            return outcome
        }

        @Test("is previewed, asks, says its bound, carries on, and each job is audited")
        func cancels() throws {
            try waiting(230)
            try box.done("job", "cancel", "7")
            let alone = try box.run("job", "cancel", "--filter", "kind:noop", "--yes")
            #expect(alone.code == 69, "\(alone)")
            let engine = try box.serve()
            try box.wait(7, ["aborted"])

            let preview = try box.done("job", "cancel", "--filter", "kind:noop", "--dry-run")
            #expect(preview.output.contains("cancel of 229 jobs"), "\(preview)")
            #expect(preview.output.contains("left out are 1: 1: it has ended"), "\(preview)")
            #expect(try box.job(8).state == "pending")
            let asked = try box.run("job", "cancel", "--filter", "kind:noop")
            #expect(asked.code == 3, "\(asked)")
            #expect(asked.errors.contains("229 jobs needs --yes"), "\(asked)")

            let bulk = ["job", "cancel", "--filter", "kind:noop", "--reason", "storm", "--yes"]
            let first = try ok(bulk + ["--at-most", "120"])
            #expect(first.output.contains("accepted 120, left out 1, refused 0"), "\(first)")
            #expect(first.errors.contains("109 more are beyond --at-most 120"), "\(first)")
            let second = try ok(bulk)
            #expect(second.output.contains("accepted 109, left out 121, refused 0"), "\(second)")
            let third = try ok(bulk + ["--json"])
            #expect(third.output.contains("\"accepted\": []"), "\(third)")

            #expect(try box.jobs("state:aborted").count == 230)
            let audit = try box.done("audit", "--limit", "1000", "--json").output
            let reason = "storm (with all that “kind:noop” selects)"
            #expect(audit.components(separatedBy: reason).count == 230, "\(audit.prefix(2000))")
            #expect(engine.isAlive)
        }

        @Test("a retry is made once for each job, however often it is asked for")
        func retries() throws {
            let engine = try box.serve()
            for _ in 0..<3 { _ = try box.run("submit", "vm.start", "bad-1", "--wait") }
            let made = try box.done("job", "retry", "--filter", "state:failed", "--yes").output
            #expect(made.split(separator: "\n").map(String.init) == ["4", "5", "6"])
            for job in 4...6 { try box.wait(job, ["failed"]) }
            let again = try ok(["job", "retry", "--filter", "id<4", "--yes"])
            #expect(again.output.contains("accepted 0, left out 3"), "\(again)")
            #expect(engine.isAlive)
        }

        @Test("what some refuse is named, the others are done, and the exit status says so")
        func refused() throws {
            let engine = try box.serve()
            try box.done("submit", "vm.start", "off-1", "--at", "1h")
            try box.done("submit", "noop", "--at", "1h")
            _ = try ok(["job", "cancel", "--filter", "state:pending", "--yes"])
            try box.done("submit", "vm.remove", "off-1", "--wait")

            let mixed = try box.run("job", "retry", "--filter", "state:aborted", "--yes")
            #expect(mixed.code == 3, "\(mixed)")
            #expect(mixed.errors.contains("job-1: there is no VM"), "\(mixed)")
            #expect(mixed.errors.contains("accepted 1, left out 0, refused 1"), "\(mixed)")
            #expect(mixed.output == "5\n", "\(mixed)")
            #expect(engine.isAlive)
        }

        /// The states of a job's steps.
        private func states(_ job: Int) throws -> [String] {
            struct Answer: Decodable {
                struct Step: Decodable { let state: String }
                let steps: [Step]
            }
            let text = try box.done("job", "show", "\(job)", "--json").output
            return try JSONDecoder().decode(Answer.self, from: Data(text.utf8)).steps.map(\.state)
        }

        @Test("a retry from a step leaves out what was done, and is refused where it was undone")
        func fromStep() throws {
            let engine = try box.serve()
            _ = try box.run("submit", "vm.start", "bad-1", "--rollback", "none", "--wait")
            let steps = try states(1)
            let last = try #require(steps.lastIndex(of: "failed"))
            let made = try ok(["job", "retry", "1", "--from", "\(last + 1)"])
            #expect(made.output == "2\n")
            try box.wait(2, ["failed"])
            #expect(try states(2).count == steps.count - last)

            _ = try box.run("submit", "vm.start", "bad-1", "--wait")
            let refused = try box.run("job", "retry", "3", "--from", "\(last + 1)")
            #expect(refused.code == 3, "\(refused)")
            #expect(refused.errors.contains("was undone (rollback clean)"), "\(refused)")
            #expect(engine.isAlive)
        }

        @Test(
            "what makes no sense is said before anything is done",
            arguments: [
                ["cancel"], ["cancel", "--filter", ""], ["cancel", "1", "--filter", "id:1"],
                ["cancel", "--filter", "stat:running"],
                ["abort", "--filter", "id:1", "--at-most", "0"],
                ["resolve", "--decision", "settleDone", "--filter", "id:1", "--reason", "seen"],
            ]
        )
        func nonsense(_ arguments: [String]) throws {
            try box.done("submit", "noop")
            let refused = try box.run(["job"] + arguments)
            #expect(refused.code == 64, "\(refused)")
        }
    }
}
