import Foundation
import Testing

extension EndToEnd {
    @Suite("Schedules at the command line")
    struct Schedules {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        @Test(
            "[70] one added without an engine runs when one comes, and one added beside it at once"
        )
        func lives() throws {
            let added = try box.done("schedule", "add", "early", "noop", "--every", "1s")
            #expect(added.output.hasPrefix("early added, due next at "))
            #expect(added.errors.contains("no engine is alive"))

            let engine = try box.serve()
            _ = try eventually("the schedule makes a job") {
                (try box.run("job", "show", "1").code == 0).orNil
            }
            try box.wait(1, ["completed"])
            try box.done("schedule", "disable", "early", "--reason", "enough")
            let shown = try box.done("schedule", "show", "early", "--json").output
            #expect(shown.contains(#""enabled": false"#) && shown.contains(#""nextAt": null"#))
            let jobs = try box.done("jobs", "schedule:early", "--json").output
            #expect(jobs.contains(#""schedule":"early""#))

            try box.done("schedule", "add", "late", "noop", "--every", "1s")
            let number = try box.done("schedule", "run", "late").output
            let id = try #require(Int(number.trimmingCharacters(in: .whitespacesAndNewlines)))
            try box.wait(id, ["completed"])
            try box.done("schedule", "remove", "late", "early")
            #expect(try box.done("schedule", "list", "--json").output == "[]\n")
            #expect(engine.isAlive)
        }

        @Test("a preview marks what the clock leaves out, moves and repeats")
        func preview() throws {
            let outcome = try box.done(
                "schedule",
                "preview",
                "--cron",
                "30 2 * * *",
                "--zone",
                "Europe/Berlin",
                "--after",
                "2026-03-28T12:00:00Z",
                "--count",
                "2"
            )
            #expect(outcome.output.contains("2026-03-29 03:00 +02:00"))
            #expect(outcome.output.contains("does not exist that day: at its end"))
        }

        @Test(
            "mistakes are told apart and say what would be right",
            arguments: [
                (["add", "a", "noop", "--cron", "0 25 * * *"], 64, "it goes from 0 to 23"),
                (["add", "a", "noop", "--every", "5"], 64, "a span such as 15m"),
                (["add", "a", "noop"], 64, "say when"),
                (["add", "a", "no.such", "--every", "5m"], 64, "there is no kind “no.such”"),
                (["add", "a", "noop", "--every", "5m", "--overlap", "x"], 64, "skip, queue"),
                (["add", "known", "noop", "--every", "5m"], 3, "known already"),
                (["edit", "known"], 64, "say what to change"),
                (["edit", "nosuch", "--every", "5m"], 4, "there are known"),
                (["show", "nosuch"], 4, "there is no schedule “nosuch”"),
                (["remove", "nosuch"], 4, "there is no schedule “nosuch”"),
                (["run", "nosuch"], 4, "there is no schedule “nosuch”"),
            ] as [([String], Int32, String)]
        )
        func mistakes(arguments: [String], code: Int32, words: String) throws {
            try box.done("schedule", "add", "known", "noop", "--every", "1h")
            let outcome = try box.run(["schedule"] + arguments)
            #expect(outcome.code == code, "\(outcome)")
            #expect(outcome.errors.contains(words), "\(outcome)")
        }
    }
}
