import Foundation
import Model
import Testing

extension EndToEnd {
    @Suite("Simulating")
    struct Simulating {
        private let box: Sandbox

        init() throws { box = try Sandbox() }

        /// The report of a simulation as JSON.
        private func report(_ arguments: String...) throws -> [String: Any] {
            let text = try box.done(["simulate", "--json"] + arguments, within: 600).output
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
            return try #require(object as? [String: Any])
        }

        @Test("gives the same for the same seed, and another for another one")
        func same() throws {
            let arguments = ["simulate", "--hours", "30", "--jobs", "150", "--faults", "heavy"]
            let first = try box.done(arguments + ["--seed", "5"])
            let second = try box.done(arguments + ["--seed", "5"])
            let third = try box.done(arguments + ["--seed", "6"])

            #expect(first.output == second.output)
            #expect(first.output != third.output)
            #expect(first.errors.contains("times as fast as the clock"))
            #expect(first.errors.contains("MB at most"))
            #expect(!FileManager.default.fileExists(atPath: box.store))
        }

        @Test("engines die, hosts fall silent and clocks jump, and all that must hold holds")
        func mishaps() throws {
            let report = try report("--hours", "60", "--jobs", "200", "--faults", "heavy")

            #expect(report["holds"] as? Bool == true)
            #expect(report["isInterrupted"] as? Bool == false)
            let rules = try #require(report["rules"] as? [[String: Any]])
            #expect(rules.count == 12)
            #expect(rules.allSatisfy { $0["holds"] as? Bool == true })
            let mishaps = try #require(report["mishaps"] as? [String: Int])
            #expect((mishaps["outages"] ?? 0) > 10)
            #expect((mishaps["engineChanges"] ?? 0) > 10)
            #expect((mishaps["clockJumps"] ?? 0) > 2)
            // An hourly one for sixty hours, and those of the nights.
            let instants = try #require(report["scheduleInstants"] as? Int)
            #expect((62...66).contains(instants), "\(instants)")
            #expect((report["peakMegabytes"] as? Int ?? 0) > 0)
            #expect((report["ratio"] as? Int ?? 0) > 0)
        }

        @Test("weeks pass, and what is old goes: memory does not grow with time", .tags(.slow))
        func retention() throws {
            let report = try report("--hours", "1200", "--jobs", "300", "--faults", "none")

            #expect(report["holds"] as? Bool == true)
            let jobs = try #require((report["jobs"] as? [String: Int])?["total"])
            let kept = try #require(report["jobsKept"] as? Int)
            // Fifty days, of which a month is kept.
            #expect(kept < jobs * 3 / 4, "\(kept) of \(jobs)")
        }

        /// Whether a process has a handler for a signal.
        private func catches(_ signal: Int32, _ launch: Launch) -> Bool {
            let path = "/proc/\(launch.process)/status"
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("SigCgt:") } ?? ""
            let mask = UInt64(line.dropFirst(7).drop { !$0.isHexDigit }, radix: 16) ?? 0
            return mask & (1 << UInt64(signal - 1)) != 0
        }

        @Test("ends at once when asked to, with what held until then")
        func interrupted() throws {
            let launch = try box.start("simulate", "--hours", "876000", "--jobs", "5000000")
            try eventually("the signal is caught") { catches(SIGINT, launch).orNil }
            launch.send(SIGINT)
            let outcome = try launch.wait()

            #expect(outcome.code == 130, "\(outcome)")
            #expect(outcome.output.contains("interrupted"))
            #expect(outcome.output.contains("holds   every row says what its journal says"))
            #expect(!outcome.output.contains("BROKEN"))
        }

        @Test(
            "says what would be right",
            arguments: [
                (["--hours", "900000"], "--hours is from 0.01 to 876000"),
                (["--hours", "nan"], "--hours is from 0.01 to 876000"),
                (["--jobs", "0"], "--jobs is from 1 to 10000000"),
                (["--faults", "some"], "--faults must be one of none, light, heavy"),
            ]
        )
        func refuses(arguments: [String], words: String) throws {
            let outcome = try box.run(["simulate"] + arguments)

            #expect(outcome.code == 64)
            #expect(outcome.errors.contains(words), "\(outcome)")
        }
    }
}
