import Foundation
import GRDB
import Model
import Testing

@testable import Store

@Suite("Checking and copying a store")
struct StoreCheckTests {
    private let folder: Folder
    private let path: String

    init() throws {
        folder = try Folder()
        path = folder.file("a.sqlite")
    }

    /// A store with a tree, an archived job and an unfinished one.
    private func make() throws -> SQLiteStore {
        let store = try SQLiteStore(path: path)
        let child = stored(2) {
            $0.job.parentID = JobID(1)
            $0.job.rootID = JobID(1)
            $0.job.state = .completed
        }
        let ended = [1, 3].map { number in stored(number) { $0.job.state = .completed } }
        try store.insert(ended + [child, stored(4)])
        try store.write { tx in
            _ = try tx.take(4, from: .job)
            try tx.archive(try tx.endedTrees(of: [JobID(3)]), at: start)
        }
        return store
    }

    @Test("a store that is well has no findings")
    func well() throws {
        #expect(try make().check() == [])
    }

    @Test(
        "what cannot be is found, whatever it is",
        arguments: [
            ("UPDATE counter SET jobs = jobs + 1 WHERE state = 10", "the counter says 3 completed"),
            ("UPDATE archived_counter SET jobs = 7 WHERE state = 12", "counter of the archive"),
            ("DELETE FROM job WHERE id = 1", "their parent is missing: job-2"),
            ("UPDATE job SET root_id = 9 WHERE id = 2", "another root than their parent: job-2"),
            ("INSERT INTO log VALUES (99, 1, 0, 0, 'x')", "log has rows of jobs"),
            ("INSERT INTO archived_log VALUES (1, 1, 0, 0, 'x')", "archived_log has rows of jobs"),
            ("INSERT INTO pin VALUES (99, 99, 'a', 0, '')", "pinned, and are unknown: job-99"),
            (
                "INSERT INTO ticket VALUES (1, 'vm/a', 0, 1, 1, 1, 0)",
                "await a lock, and have ended"
            ),
            ("UPDATE archived_job SET state = 2", "archived, and have not ended: job-3"),
            ("UPDATE archived_job SET id = 2", "in the archive and out of it: job-2"),
            ("UPDATE archived_job SET id = 77", "never given: job-77"),
        ]
    )
    func contradiction(_ change: String, _ finding: String) throws {
        let store = try make()
        try store.onDatabase { try $0.execute(sql: change) }

        let findings = try store.check()

        #expect(findings.contains { $0.contains(finding) }, "\(findings)")
    }

    @Test("a damaged file is found out, at the latest by the check")
    func damaged() throws {
        let store = try make()
        try store.write { tx in
            let text = String(repeating: "x", count: 2000)
            for _ in 0..<100 {
                let lines = (0..<30).map { _ in
                    LogLine(job: JobID(4), at: start, level: .info, text: text)
                }
                try tx.append(lines)
            }
        }
        try store.close()
        let size = try #require(
            try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        )
        // Larger than what is read through when a store is opened.
        #expect(size > 4 << 20)
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seek(toOffset: UInt64(size / 2 / 4096 * 4096))
        try handle.write(contentsOf: Data(repeating: 0xA5, count: 8192))
        try handle.close()

        let findings = try SQLiteStore(path: path, readOnly: true).check()

        #expect(findings.contains { $0.contains("the file is damaged") }, "\(findings)")
    }

    @Test("a backup is a whole store of its own, and never overwrites anything")
    func backup() throws {
        let store = try make()
        let copy = folder.file("copy.sqlite")

        try store.backUp(to: copy)
        try store.insert([stored(5)])

        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!files.contains { $0.hasPrefix("copy.sqlite") && $0 != "copy.sqlite" }, "\(files)")
        let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let restored = try SQLiteStore(path: copy)
        #expect(try restored.check() == [])
        #expect(try restored.read { try $0.resolve(.id(JobID(5))) } == nil)
        #expect(try restored.read { try $0.archive().counts.total } == 1)
        #expect(throws: StoreError.self) { try store.backUp(to: copy) }
        #expect(try restored.check() == [])
    }

    @Test("compacting gives room back and changes nothing")
    func compact() throws {
        let store = try make()
        let text = String(repeating: "x", count: 5000)
        try store.write { tx in
            try tx.append(
                (0..<500).map { _ in
                    LogLine(job: JobID(4), at: start, level: .info, text: text)
                }
            )
        }
        try store.onDatabase { try $0.execute(sql: "DELETE FROM log; DELETE FROM log_size") }

        let (before, after) = try store.compact()

        #expect(after < before / 2 || before == 0 || after < 1 << 20)
        #expect(try store.check() == [])
        #expect(try store.read { try $0.counts().total } == 3)
    }

    @Test(
        "a list read in parts has each job once, archived ones at their place",
        arguments: [1, 2, 9]
    )
    func parts(_ size: Int) throws {
        let store = try make()
        var query = JobQuery(limit: size)
        query.includesArchive = true
        var found: [Int64] = []
        while true {
            let (asked, last) = (query, JobID(found.last ?? 0))
            let jobs = try store.read { try $0.jobs(asked, after: last, at: start) }
            guard !jobs.isEmpty else { break }
            #expect(jobs.count <= size)
            found += jobs.map(\.id.number)
        }

        #expect(found == [1, 2, 3, 4])
    }
}
