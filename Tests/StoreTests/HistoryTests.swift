import Model
import Store
import Testing

@Suite("Journal, log and details")
struct HistoryTests {
    private static func entry(
        _ job: Int64,
        _ from: JobState?,
        _ to: JobState
    ) -> JournalEntry {
        JournalEntry(
            job: JobID(job),
            at: start,
            from: from,
            to: to,
            actor: "alice",
            cause: "because"
        )
    }

    private static func line(_ job: Int64, _ text: String) -> LogLine {
        LogLine(job: JobID(job), at: start, level: .warning, text: text)
    }

    @Test("the journal is read by job and by place", arguments: StoreKind.allCases)
    func journal(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.write { tx in
            try tx.append([Self.entry(1, nil, .pending), Self.entry(2, nil, .pending)])
            try tx.append([Self.entry(1, .pending, .queued)])
        }

        try store.read { reader in
            let all = try reader.journal(of: nil, after: 0, limit: 9)
            let one = try reader.journal(of: JobID(1), after: 0, limit: 9)
            let later = try reader.journal(of: JobID(1), after: all[0].sequence, limit: 9)

            #expect(all.map(\.job.number) == [1, 2, 1])
            #expect(all.map(\.sequence) == all.map(\.sequence).sorted())
            #expect(one.map(\.from) == [nil, .pending])
            #expect(later == [all[2]])
        }
    }

    @Test("a log is read by job, by tree and by place", arguments: StoreKind.allCases)
    func log(_ kind: StoreKind) throws {
        let store = try kind.make()
        try insertFamily(into: store)
        try store.write { tx in
            try tx.append([Self.line(1, "a"), Self.line(3, "b"), Self.line(4, "c")])
            try tx.append([Self.line(1, "d"), Self.line(2, "e")])
        }

        try store.read { reader in
            let own = try reader.log(of: JobID(1), tree: false, after: 0, limit: 9)
            let tree = try reader.log(of: JobID(3), tree: true, after: 0, limit: 9)
            let later = try reader.log(of: JobID(3), tree: true, after: own[0].sequence, limit: 2)
            let next = try reader.log(of: JobID(1), tree: false, after: own[0].sequence, limit: 9)

            #expect(own.map(\.text) == ["a", "d"])
            #expect(own.map(\.level) == [.warning, .warning])
            #expect(tree.map(\.text) == ["a", "b", "d", "e"])
            #expect(later.map(\.text) == ["b", "d"])
            #expect(next.map(\.text) == ["d"])
        }
    }

    @Test("a log keeps its newest lines and says how many are gone", arguments: [1, 7, 5000])
    func bound(_ batch: Int) throws {
        let store = try SQLiteStore()
        let count = 5000
        try store.insert([stored(1)])
        for begin in stride(from: 0, to: count, by: batch) {
            let lines = (begin..<min(count, begin + batch)).map { Self.line(1, "line \($0)") }
            try store.write { tx in
                try tx.append(lines)
                if begin == 0 { try tx.append([Self.line(2, "other")]) }
            }
        }

        let lines = try store.read {
            try $0.log(of: JobID(1), tree: false, after: 0, limit: .max)
        }
        let detail = try store.read { try $0.detail(JobID(1), logLimit: 3) }
        let other = try store.read { try $0.log(of: JobID(2), tree: false, after: 0, limit: 9) }

        let gone = count - (lines.count - 1)
        #expect(lines.count <= StoreLimits.logLinesPerJob)
        #expect(lines.count > StoreLimits.logLinesPerJob / 2)
        #expect(
            lines.first?.text == "\(gone) older lines are gone: a log keeps the newest 2000 lines"
        )
        #expect(lines.dropFirst().map(\.text) == (gone..<count).map { "line \($0)" })
        #expect(detail?.logCount == lines.count)
        #expect(detail?.log.map(\.text) == ["line 4997", "line 4998", "line 4999"])
        #expect(other.map(\.text) == ["other"])
    }

    @Test("a log is cut as soon as it has one line too many")
    func oneTooMany() throws {
        let store = try SQLiteStore()
        try store.insert([stored(1)])
        let lines = (0..<StoreLimits.logLinesPerJob).map { Self.line(1, "line \($0)") }
        try store.write { try $0.append(lines) }
        func count() throws -> Int {
            try store.read { try $0.log(of: JobID(1), tree: false, after: 0, limit: .max).count }
        }
        #expect(try count() == StoreLimits.logLinesPerJob)
        try store.write { try $0.append([Self.line(1, "one more")]) }
        #expect(try count() < StoreLimits.logLinesPerJob)
    }

    @Test("what looks like a secret is masked in journal and log", arguments: StoreKind.allCases)
    func secrets(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.insert([stored(1)])
        var entry = Self.entry(1, nil, .pending)
        entry.cause = "asked with password=hunter2"
        let made = entry
        try store.write { tx in
            try tx.append([made])
            try tx.append([Self.line(1, "password=hunter2")])
            let pin = Pin(by: "ann", at: start, reason: "password=hunter2")
            try tx.pin(JobID(1), root: JobID(1), pin)
        }
        try store.read { reader in
            let journal = try reader.journal(of: JobID(1), after: 0, limit: 9)
            let log = try reader.log(of: JobID(1), tree: false, after: 0, limit: 9)
            let pin = try reader.detail(JobID(1), logLimit: 0)?.job.pin
            for text in [journal.first?.cause, log.first?.text, pin?.reason] {
                let text = try #require(text)
                #expect(text.contains("password=") && !text.contains("hunter2"))
            }
        }
    }

    @Test("the details of a job have all that belongs to it", arguments: StoreKind.allCases)
    func detail(_ kind: StoreKind) throws {
        let store = try kind.make()
        try insertFamily(into: store)
        let step = StepRecord(index: 0, step: Step("Boot", .operation(Operation("x", on: "y"))))
        let held = Ticket(
            number: 1,
            resource: "vm/a",
            job: JobID(4),
            scope: 0,
            mode: .exclusive,
            isGranted: true,
            since: start
        )
        let wanted = Ticket(
            number: 2,
            resource: "vm/a",
            job: JobID(2),
            scope: 0,
            mode: .shared,
            isGranted: false,
            since: start
        )
        try store.write { tx in
            try tx.save([(JobID(2), step)])
            try tx.append([Self.entry(2, nil, .pending), Self.entry(2, .pending, .queued)])
            try tx.append([Self.line(2, "hello")])
            try tx.insert([held, wanted])
            try tx.setResult("{}", of: JobID(2))
        }

        let detail = try #require(try store.read { try $0.detail(JobID(2), logLimit: 9) })

        #expect(detail.job.result == "{}")
        #expect(detail.parameters == ["size": "4", "password": SecretMask.mask])
        #expect(detail.steps == [step])
        #expect(detail.journal.map(\.to) == [.pending, .queued])
        #expect(detail.log.map(\.text) == ["hello"])
        #expect(detail.logCount == 1)
        #expect(detail.tree.map(\.job.id.number) == [1, 2, 3])
        #expect(detail.tree.map(\.depth) == [0, 1, 2])
        #expect(
            detail.tickets == [LockLine(ticket: wanted, kind: "vm.start", behind: [JobID(4)])]
        )
        #expect(try store.read { try $0.detail(JobID(9), logLimit: 9) } == nil)
    }

    /// Job 1 with its child 2 and grandchild 3; job 4 stands alone.
    private func insertFamily(into store: TestStore) throws {
        let child = stored(2) {
            $0.job.parentID = JobID(1)
            $0.job.rootID = JobID(1)
            $0.extra.parameters = ["size": "4", "password": "hunter2"]
        }
        let grandchild = stored(3) {
            $0.job.parentID = JobID(2)
            $0.job.rootID = JobID(1)
        }
        try store.write { tx in
            try tx.insert([stored(1), stored(4)], ofStep: nil)
            try tx.insert([child, grandchild], ofStep: 0)
        }
    }
}
