import Foundation
import Testing

extension EndToEnd {
    @Suite(
        "A disk in trouble",
        .enabled(if: SmallDisk.isPossible, "this user may not mount a file system in memory")
    )
    struct FullDisk {
        private let box: Sandbox

        init() throws { box = try Sandbox() }

        private func mount(megabytes: Int) throws -> SmallDisk {
            let disk = try SmallDisk(box, megabytes: megabytes)
            box.store = disk.folder + "/s.sqlite"
            box.environment["SIGNALBOX_STORE"] = box.store
            try box.stage()
            return disk
        }

        @Test("refuses what does not fit, and goes on when there is room again")
        func full() throws {
            let disk = try mount(megabytes: 3)
            let engine = try box.serve()
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            try box.wait(1, ["running"])
            let filler = try disk.fill()

            // Some room is left in files that are there already.
            var accepted = 0
            let refused = try eventually("a submission is refused") { () -> Outcome? in
                let outcome = try box.run(
                    "submit",
                    "noop",
                    "--account",
                    String(repeating: "x", count: 2000)
                )
                accepted += outcome.code == 0 ? 1 : 0
                return outcome.code == 0 ? nil : outcome
            }

            #expect(refused.code == 74, "\(refused)")
            #expect(refused.errors.contains("the disk is full"), "\(refused)")
            try box.done("jobs")
            #expect(engine.isAlive)
            unlink(filler)
            let next = try box.submit("noop")
            try box.done("job", "wait", "\(next)", "--timeout", "60s")
            try box.done("job", "abort", "1")
            #expect(try box.run("job", "wait", "1").code == 2)
            let jobs = try box.jobs()
            #expect(jobs.count == accepted + 2)
            #expect(jobs.dropFirst().allSatisfy { $0.state == "completed" })
            engine.send(SIGTERM)
            #expect(try engine.wait().code == 0)
        }

        @Test("tells an engine that begins on a full disk so, and loses nothing")
        func beginsFull() throws {
            let disk = try mount(megabytes: 3)
            let jobs = try (0..<3).map { _ in try box.submit("nic.create", "on-1")
            }
            let filler = try disk.fill()
            let engine = try box.start("serve")
            try eventually("the engine says what is wrong", scene: { engine.errors }) {
                (engine.errors.contains("full") || engine.errors.contains("No space")).orNil
            }
            unlink(filler)
            // Either it ends with a sentence, or it logs the trouble and tries again.
            let hasEnded = engine.errors.hasPrefix("signalbox: ")
            if hasEnded { #expect(try engine.wait().code == 74) }
            let next = hasEnded ? try box.serve() : engine

            for job in jobs { try box.done("job", "wait", "\(job)", "--timeout", "50s") }

            #expect(try box.jobs().allSatisfy(\.hasEnded))
            #expect(next.isAlive)
        }

        @Test("lets people look at a store on a disk that cannot be written")
        func readOnly() throws {
            let disk = try mount(megabytes: 3)
            #expect(try box.submit("noop") == 1)
            try disk.makeReadOnly()

            for look in [["jobs"], ["job", "show", "1"], ["vm"], ["lock"]] {
                try box.run(look).mustSucceed()
            }
            for change in [["submit", "noop"], ["serve"], ["job", "abort", "1"]] {
                let outcome = try box.run(change, within: 60)
                #expect(outcome.code == 74, "\(outcome)")
                #expect(outcome.errors.contains("cannot be written"), "\(outcome)")
            }
        }
    }
}
