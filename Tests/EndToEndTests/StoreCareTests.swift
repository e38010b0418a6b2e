import Foundation
import Testing

extension EndToEnd {
    @Suite("Exporting, and caring for the store")
    struct StoreCare {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        @Test("exports the journal in the log formats of older systems, as the filter selects")
        func logFormats() throws {
            let engine = try box.serve()
            try box.done("submit", "noop", "--wait")
            #expect(try box.run("submit", "vm.start", "bad-1", "--wait").code == 1)
            let formats = [
                ("cloudstack-log", "job-2]) (logid:"), ("cloudstack-log-4.19", " job-2) (logid:"),
                ("vdsm-log", "[storage.TaskManager.Task] (Task='"),
            ]
            for (format, sign) in formats {
                let all = try box.done("export", "--format", format).lines
                let failed = try box.done("export", "state:failed", "--format", format).lines
                #expect(!failed.isEmpty && failed.count < all.count)
                #expect(failed.allSatisfy { $0.contains(sign) }, "\(failed)")
            }
            #expect(engine.isAlive)
        }

        @Test("exports a filtered list, archived jobs too, with the states of four systems")
        func exports() throws {
            let engine = try box.serve()
            try box.done("submit", "noop", "--wait")
            #expect(try box.run("submit", "vm.start", "bad-1", "--wait").code == 1)
            try box.done("archive", "run", "--older-than", "0s")
            try box.done("submit", "noop", "--wait")

            let csv = try box.done("export", "--archive", "state:completed,failed").output
            let lines = csv.components(separatedBy: "\r\n")
            #expect(lines.count == 5 && lines[4].isEmpty, "\(csv)")
            #expect(lines[0].contains("state,") && lines[0].contains("cloudstackStatus"))
            #expect(lines[2].hasPrefix("2,") && lines[2].contains("FAILURE"))
            #expect(try box.done("export").output.components(separatedBy: "\r\n").count == 3)
            let json = try box.done("export", "--archive", "--format", "json").output
            let jobs = try JSONDecoder().decode([JobDocument].self, from: Data(json.utf8))
            #expect(jobs.map(\.id) == [1, 2, 3])
            let each = try box.done("export", "is:archived", "--format", "jsonl").output
            #expect(each.split(separator: "\n").count == 2)
            #expect(try box.done("export", "user:nobody-at-all", "--json").output == "[]\n")
            #expect(try box.run("export", "--format", "xml").code == 64)
            #expect(engine.isAlive)
        }

        @Test("checks, backs up while an engine works, and compacts only when none does")
        func cares() throws {
            let engine = try box.serve()
            try box.done("submit", "noop", "--wait")
            #expect(try box.done("store", "path").output == box.store + "\n")
            #expect(try box.done("store", "check").output.contains("is well"))
            let copy = box.folder + "/copy.sqlite"
            try box.done("store", "backup", copy)
            #expect(try box.run("store", "backup", copy).code == 3)
            #expect(try box.done("--store", copy, "jobs", "--json").output.contains("\"id\":1"))
            let refused = try box.run("store", "compact")
            #expect(refused.code == 3 && refused.errors.contains("stop it"), "\(refused)")

            engine.send(SIGTERM)
            #expect(try engine.wait().code == 0)
            try box.done("store", "compact")
            #expect(try box.jobs().count == 1)
        }

        @Test("says of a damaged file that it is, with 1, and leaves it alone")
        func damaged() throws {
            try box.done("submit", "noop")
            let handle = try #require(FileHandle(forUpdatingAtPath: box.store))
            try handle.seek(toOffset: 8192)
            try handle.write(contentsOf: Data(repeating: 0xA5, count: 8192))
            try handle.close()
            let before = try Data(contentsOf: URL(filePath: box.store))

            let outcome = try box.run("store", "check", "--json")

            #expect(outcome.code == 1, "\(outcome)")
            #expect(outcome.output.contains("damaged"), "\(outcome)")
            #expect(try Data(contentsOf: URL(filePath: box.store)) == before)
            #expect(try box.run("--store", "/nonexistent/a.sqlite", "store", "check").code == 74)
        }
    }
}
