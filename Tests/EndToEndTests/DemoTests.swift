import Foundation
import Testing

extension EndToEnd {
    @Suite("A demo without a screen")
    struct Demo {
        private let box: Sandbox

        init() throws { box = try Sandbox() }

        static let listings: [[String]] = [
            ["jobs"], ["jobs", "--tree"], ["jobs", "state:completed", "--sort", "-newest"],
            ["job", "show", "1"], ["job", "tree", "1"], ["job", "log", "1", "--tree"],
            ["job", "events", "1"], ["job", "why", "1"], ["vm"], ["host"], ["lane"], ["lock"],
            ["kinds"],
        ]

        @Test("gives the same jobs for the same seed, and other ones for another")
        func sameSeed() throws {
            let runs = try [("a", "7"), ("b", "7"), ("c", "8")].map { name, seed in
                let store = "\(box.folder)/\(name).sqlite"
                let summary = try box.done(
                    ["demo", "--headless", "--for", "60s", "--seed", seed, "--store", store]
                ).output
                let jobs = try box.done(["jobs", "--json", "--store", store]).output
                let events = try box.done(["job", "events", "1", "--json", "--store", store]).output
                return [summary, jobs, events]
            }

            #expect(runs[0] == runs[1])
            #expect(runs[0] != runs[2])
            #expect(runs[0][0].contains("COMPLETED"))
        }

        @Test("leaves a store that every listing can read")
        func listings() throws {
            try box.done("demo", "--headless", "--for", "60s", "--store", box.store)

            for listing in Self.listings {
                let plain = try box.run(listing)
                plain.mustSucceed()
                #expect(!plain.output.isEmpty, "\(plain)")
                #expect(!plain.output.contains("\u{1B}"), "\(plain)")
                let ascii = try box.run(listing + ["--ascii"])
                #expect(ascii.output.allSatisfy { $0.isASCII }, "\(ascii)")
            }
        }

        @Test("will not mix its jobs with others")
        func occupied() throws {
            try box.done("demo", "--headless", "--for", "60s", "--store", box.store)
            let before = try box.jobs()

            let again = try box.run("demo", "--headless", "--for", "60s", "--store", box.store)

            #expect(again.code == 3, "\(again)")
            #expect(try box.jobs() == before)
        }

        @Test("leaves jobs that an engine takes up where they stood")
        func takenUp() throws {
            let ahead = ["demo", "--headless", "--for", "8s", "--scenario", "remove-vm"]
            try box.done(ahead + ["--store", box.store])
            let open = try box.jobs().filter { !$0.hasEnded }
            try #require(!open.isEmpty)

            let engine = try box.serve()

            try box.done("job", "wait", "1")
            #expect(try box.jobs().allSatisfy { $0.state == "completed" })
            #expect(engine.isAlive)
        }
    }

    @Suite("The stories")
    struct Stories {
        private let box: Sandbox

        init() throws { box = try Sandbox() }

        private func play(_ story: String) throws -> [JobDocument] {
            let arguments = ["--scenario", story, "--store", box.store]
            let outcome = try box.done(["demo", "--headless", "--for", "30m"] + arguments)
            #expect(!outcome.errors.contains("could not"), "\(outcome)")
            return try box.jobs()
        }

        private func machine(_ name: String) throws -> String {
            try box.done("vm").lines.first { $0.hasPrefix(name + " ") } ?? "gone"
        }

        @Test("the VM that would not start is aborted, stopped, and starts with a good address")
        func pxeHang() throws {
            let jobs = try play("pxe-hang")

            try #require(jobs.count == 2)
            #expect(jobs[0].state == "aborted")
            #expect(jobs[0].rollback == "clean")
            #expect(jobs[0].stop?.by == "alice")
            #expect(jobs[1].state == "completed")
            #expect(try machine("thin-1").contains("running"))
        }

        @Test("the blocked queue goes on when the parent in Child Queued is aborted")
        func blockedQueue() throws {
            let jobs = try play("blocked-queue")

            let parents = jobs.filter { $0.parentId == nil }
            #expect(parents.map(\.state) == ["aborted", "completed", "completed"])
            let events = try box.done("job", "events", "1").output
            #expect(events.contains("Child Queued"), "\(events)")
            #expect((parents[1].startedAt ?? "") >= (parents[0].finishedAt ?? "?"))
            for child in jobs where child.parentId == parents.first?.id {
                #expect((child.finishedAt ?? "?") <= (parents[0].finishedAt ?? ""))
            }
        }

        @Test("a VM without room fails with 533 and leaves nothing behind; a smaller one is placed")
        func noCapacity() throws {
            let jobs = try play("no-capacity")

            let big = try #require(jobs.first { $0.target.name == "big-1" })
            #expect(big.state == "failed")
            #expect(big.code?.number == 533)
            #expect(big.message.contains("65536 MB"), "\(big.message)")
            #expect(try machine("big-1") == "gone")
            #expect(try machine("small-1").contains("kvm-a02"))
        }

        @Test("a VM with four images is removed by four children and an end action")
        func removeVM() throws {
            let jobs = try play("remove-vm")

            #expect(jobs.allSatisfy { $0.state == "completed" })
            #expect(jobs.filter { $0.parentId == jobs[0].id }.map(\.kind).count == 4)
            #expect(try machine("db-1") == "gone")
            let events = try box.done("job", "events", "1").output
            #expect(events.contains("Finishing"), "\(events)")
        }
    }
}
