import Foundation
import Testing

extension EndToEnd {
    @Suite("Jobs that keep house")
    struct Internal {
        @Test("Internal jobs are hidden by default, counted, and shown when they are asked for")
        func hidden() throws {
            let box = try Sandbox()
            try box.stage()
            let engine = try box.serve()
            try box.done("schedule", "add", "hourly", "inventory.sync", "--every", "1h")
            let number = try #require(try box.done("schedule", "run", "hourly").job)
            try box.wait(number, ["completed"])
            let mine = try #require(try box.done("submit", "inventory.sync").job)
            try box.wait(mine, ["completed"])

            let list = try box.done("jobs")
            #expect(list.output.contains("inventory.sync"), "\(list)")
            #expect(!list.output.contains("host.scan"), "\(list)")
            #expect(try box.jobs().map(\.id) == [mine])
            #expect(list.errors.contains("5 jobs that keep house left out; --all"), "\(list)")
            #expect(try box.done("jobs", "--all", "--json").output.contains("host.scan"))
            #expect(try box.jobs("is:internal").count == 5)
            #expect(engine.isAlive)
        }
    }
}
