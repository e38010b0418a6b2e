import Foundation
import Testing

extension EndToEnd {
    @Suite("Events")
    struct Events {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        private struct Line: Decodable, Equatable {
            struct Event: Decodable, Equatable {
                let sequence: Int
                let from: String?
                let to: String
                let actor: String
                let cause: String
            }
            let id: Int
            let state: String
            let event: Event
        }

        private func lines(_ text: String) throws -> [Line] {
            // The last line may be on its way.
            try text.components(separatedBy: "\n").dropLast().map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
        }

        @Test("A subscriber sees each transition once, in order, over kill -9 and a new engine")
        func onceInOrder() throws {
            try box.done("submit", "noop")
            let following = try box.start("jobs", "--follow", "--json", "--since", "0")
            for round in 0..<4 {
                let engine = try box.serve()
                for _ in 0..<3 { try box.done("submit", "noop") }
                if round < 3 { engine.cut() } else { try box.wait(13, ["completed"]) }
            }
            try eventually("all have ended") { try box.jobs("is:unfinished").isEmpty.orNil }
            try eventually("the follower has caught up") {
                let ended = try lines(following.output).filter { $0.event.to == "completed" }
                return (ended.count == 13).orNil
            }
            following.send(SIGINT)
            try following.wait()

            let seen = try lines(following.output)
            #expect(seen.map(\.event.sequence) == Array(1...seen.count))
            #expect(seen.allSatisfy { $0.state == $0.event.to })
            for id in 1...13 {
                let moves = seen.filter { $0.id == id && $0.event.from != $0.event.to }
                #expect(moves.first?.event.from == nil)
                for (before, after) in zip(moves, moves.dropFirst()) {
                    #expect(before.event.to == after.event.from)
                }
                #expect(moves.last?.event.to == "completed")
            }
        }

        @Test("Whoever kept the number of the last event goes on without a gap, by a filter too")
        func since() throws {
            let engine = try box.serve()
            for _ in 0..<2 { try box.done("submit", "noop", "--wait") }
            let all = try box.start("jobs", "--follow", "--json", "--since", "0")
            try eventually("two have completed") {
                (all.output.components(separatedBy: #""to":"completed""#).count == 3).orNil
            }
            let seen = try lines(all.output)
            let half = seen[seen.count / 2].event.sequence
            let rest = try box.start("jobs", "--follow", "--json", "--since", "\(half)")
            let filtered = try box.start(
                "jobs",
                "state:completed",
                "--follow",
                "--json",
                "--since",
                "1h"
            )
            let text = try box.start("jobs", "--follow", "--since", "0")
            try eventually("they have caught up") {
                (try lines(rest.output).last == seen.last
                    && lines(filtered.output).count == 2
                    && text.output.components(separatedBy: "→ Completed").count == 3).orNil
            }

            #expect(try lines(rest.output) == Array(seen.dropFirst(seen.count / 2 + 1)))
            #expect(try lines(filtered.output).allSatisfy { $0.event.to == "completed" })
            #expect(text.output.contains("new → Pending"))
            #expect(engine.isAlive)
            for bad in ["yesterday", "-1", "100000"] {
                let outcome = try box.run("jobs", "--follow", "--since=" + bad)
                #expect(outcome.code == 64, "\(outcome)")
            }
            #expect(try box.run("jobs", "--since", "1").code == 64)
        }

        @Test("Ends quietly when its reader is gone, although nothing happens")
        func readerGone() throws {
            try box.done("submit", "noop")
            let script = "{ $SIGNALBOX jobs --follow --json --since 0; echo $? >&2; } | head -n 1"
            let outcome = try box.startTool("/bin/sh", ["-c", script]).wait(within: 60)

            #expect(outcome.errors == "0\n", "\(outcome)")
            #expect(try lines(outcome.output).count == 1)
        }

        @Test("Follows one job to its end")
        func oneJob() throws {
            let id = try box.submit("noop")
            let following = try box.start("job", "events", "\(id)", "--follow")
            try eventually("it begins") { following.output.contains("Pending").orNil }
            let engine = try box.serve()

            let outcome = try following.wait()

            #expect(outcome.code == 0)
            #expect(outcome.output.contains("Finishing → Completed"))
            #expect(engine.isAlive)
        }

        @Test("A failure calls for attention until it is acknowledged, and a filter finds it")
        func attention() throws {
            let engine = try box.serve()
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            try box.wait(1, ["running"])
            let failing = try box.submit("vm.start", "no-such-vm", "--after", "1")
            try box.done("job", "abort", "1")
            try box.wait(failing, ["failed"])
            #expect(try box.jobs("is:unacked").map(\.id) == [failing])

            try box.done("job", "ack", "\(failing)", "--reason", "known")

            #expect(try box.jobs("is:unacked").isEmpty)
            #expect(try box.jobs("is:acked").map(\.id) == [failing])
            let audit = try box.done("audit", "--job", "\(failing)").output
            #expect(audit.contains("acknowledge") && audit.contains("known"))
            let refused = try box.run("job", "ack", "1")
            #expect(refused.code == 3, "\(refused)")
            #expect(refused.errors.contains("is:unacked"))
            #expect(engine.isAlive)
        }
    }
}
