import Foundation
import Testing

extension EndToEnd {
    @Suite("Room for new jobs")
    struct Room {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        @Test("who waits for room is slowed down, not refused, and is let in when a job has ended")
        func waits() throws {
            let path = try box.write("openJobs: 1\n", to: "config.yaml")
            let first = try #require(try box.done("--config", path, "submit", "noop").job)
            #expect(try box.run("--config", path, "submit", "noop").code == 3)
            let late = try box.run("--config", path, "submit", "noop", "--wait-for-room=50ms")
            #expect(late.code == 124, "\(late)")
            #expect(late.errors.contains("1 jobs are unfinished"), "\(late)")

            let waiting = try box.start("--config", path, "submit", "noop", "--wait-for-room")
            try eventually("it waits") { waiting.errors.contains("waits for room").orNil }
            try box.run("job", "abort", "\(first)").mustSucceed()
            #expect(waiting.isAlive)
            let engine = try box.start("--config", path, "serve")
            #expect(try waiting.wait(within: 60).ending == .exit(0))
            try box.wait(first + 1, ["completed"])
            #expect(engine.isAlive)
            let odd = try box.run("--config", path, "submit", "noop", "--wait-for-room=soon")
            #expect(odd.code == 64, "\(odd)")
        }

        @Test("an account's bounds refuse and hold back with who says so, and are listed")
        func accounts() throws {
            let text = "accounts: {dev: {unfinished: 2, running: 1}}\n"
            let path = try box.write(text, to: "config.yaml")
            for _ in 0..<2 {
                try box.done("--config", path, "submit", "noop", "--account", "dev", "--at", "1h")
            }
            let refused = try box.run("--config", path, "submit", "noop", "--account", "dev")
            #expect(refused.code == 3, "\(refused)")
            #expect(refused.errors.contains("accounts dev in the configuration"), "\(refused)")
            try box.done("--config", path, "submit", "noop", "--account", "ops")
            let limits = try box.done("--config", path, "lane", "limits").output
            #expect(limits.contains("account dev, unfinished"), "\(limits)")
            for bad in [
                "dev: 5", "dev: {}", "dev: {running: 0}", "d*v: {running: 1}", "dev: {x: 1}",
            ] {
                let path = try box.write("accounts: {\(bad)}\n", to: "bad.yaml")
                let refused = try box.run("--config", path, "lane")
                #expect(refused.code == 64, "\(bad): \(refused)")
            }
        }
    }
}
