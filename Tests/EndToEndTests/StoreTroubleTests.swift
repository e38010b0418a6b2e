import Foundation
import Testing

extension EndToEnd {
    @Suite("A store in trouble")
    struct StoreTrouble {
        private let box: Sandbox

        init() throws { box = try Sandbox() }

        /// A store with jobs, whole in one file.
        private func fill() throws {
            try box.done("demo", "--headless", "--for", "60s", "--store", box.store)
            let log = box.bytes(box.store + "-wal") ?? Data()
            let size = box.bytes(box.store)?.count ?? 0
            #expect(
                size > 50_000,
                "the jobs are not in the file; \(log.count) bytes are in its log"
            )
            for ending in ["-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: box.store + ending)
            }
        }

        private static let uses = [
            ["jobs"], ["submit", "noop"], ["serve"], ["engine"], ["job", "show", "1"],
            ["job", "abort", "1"], ["vm"],
        ]

        /// Runs one command after the other, which all must end with 74 and one sentence, and
        /// leave the file as it is.
        private func refuses(_ text: String, sourceLocation: SourceLocation = #_sourceLocation)
            throws
        {
            let before = box.bytes(box.store)
            for use in Self.uses {
                let outcome = try box.run(use, within: 60, sourceLocation: sourceLocation)
                let isGood =
                    outcome.code == 74 && outcome.errors.contains(text)
                    && outcome.errors.hasPrefix("signalbox: ")
                    && outcome.errors.split(separator: "\n").count == 1 && outcome.output.isEmpty
                #expect(
                    isGood,
                    Comment(rawValue: outcome.description),
                    sourceLocation: sourceLocation
                )
            }
            let isSame = box.bytes(box.store) == before
            #expect(isSame, "the file was changed", sourceLocation: sourceLocation)
        }

        /// Writes over a part of a file.
        private func scribble(_ data: Data, at offset: UInt64) throws {
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: box.store))
            try file.seek(toOffset: offset)
            try file.write(contentsOf: data)
            try file.close()
        }

        @Test("is refused unchanged when it is damaged")
        func damaged() throws {
            try fill()
            try scribble(Data(repeating: 0xA5, count: 40_000), at: 4096)
            try refuses("the file is damaged")
        }

        @Test("is refused unchanged when its end is missing")
        func torn() throws {
            try fill()
            try #require(truncate(box.store, 20_480) == 0)
            try refuses("the file is damaged")
        }

        @Test("is refused unchanged when it is something else")
        func foreign() throws {
            try "nothing of the kind".write(toFile: box.store, atomically: true, encoding: .utf8)
            try refuses("the file is damaged")
            try FileManager.default.removeItem(atPath: box.store)
            try FileManager.default.createDirectory(
                atPath: box.store,
                withIntermediateDirectories: false
            )
            try refuses("not a plain file")
        }

        @Test("is refused unchanged when a newer version wrote it")
        func newer() throws {
            try fill()
            // Where SQLite keeps the number that stands for the version.
            try scribble(Data([0, 0, 0x27, 0x0F]), at: 60)
            try refuses("newer version")
        }

        @Test("is refused when it would lie below a file")
        func noFolder() throws {
            _ = try box.write("", to: "file")
            box.store = box.folder + "/file/s.sqlite"
            box.environment["SIGNALBOX_STORE"] = box.store
            let outcome = try box.run("submit", "noop")
            #expect(outcome.code == 74, "\(outcome)")
            #expect(outcome.errors.contains("Not a directory"), "\(outcome)")
        }

        @Test(
            "can be looked at where nothing can be written",
            .enabled(if: getuid() != 0, "nothing is forbidden to root")
        )
        func readOnlyFolder() throws {
            try fill()
            chmod(box.folder, 0o500)
            defer { chmod(box.folder, 0o700) }
            try box.done("jobs")
            #expect(try box.run("submit", "noop").code == 74)
        }

        @Test("works through a link")
        func link() throws {
            try fill()
            let link = box.folder + "/link.sqlite"
            try FileManager.default.createSymbolicLink(
                atPath: link,
                withDestinationPath: box.store
            )
            #expect(try box.done("jobs", "--store", link).output.contains("vm."))
        }

        @Test("says so when the hypervisor's log beside it is damaged")
        func damagedHypervisor() throws {
            try box.stage()
            let log = try box.write("{no such thing}\n", to: "s.sqlite.hypervisor")
            for use in [["serve"], ["vm"], ["submit", "vm.start", "off-1"]] {
                let outcome = try box.run(use, within: 60)
                #expect(outcome.code == 74, "\(outcome)")
                #expect(outcome.errors.contains("damaged in line 1"), "\(outcome)")
            }
            #expect(box.bytes(log)?.count == 16)
        }
    }
}
