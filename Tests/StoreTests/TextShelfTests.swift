import Model
import Testing

@testable import Store

@Suite("Texts bound where they lie")
struct TextShelfTests {
    @Test("a statement keeps its texts while others run")
    func nested() throws {
        let texts = try SQLiteStore().read { reader in
            let reader = try #require(reader as? SQLiteReader)
            return try reader.query("SELECT ? UNION ALL SELECT ?") { outer in
                outer.bind("the first, longer than fits beside its length")
                outer.bind("the second")
                var found: [String] = []
                while try outer.step() {
                    for text in ["x", String(repeating: "y", count: 40_000)] {
                        try reader.query("SELECT ?") { inner in
                            inner.bind(text)
                            let hasRow = try inner.step()
                            #expect(hasRow)
                            #expect(inner.readText() == text)
                        }
                    }
                    found.append(outer.readText())
                }
                return found
            }
        }
        #expect(texts == ["the first, longer than fits beside its length", "the second"])
    }

    @Test("texts stay where they are when more come than a block holds")
    func growth() throws {
        let store = try SQLiteStore()
        let texts = (0..<100).map { String(repeating: "\($0) äöü ", count: 40 * ($0 % 30)) }
        try store.write(as: nil) { tx in
            try tx.append(
                texts.map { LogLine(job: JobID(1), at: start, level: .info, text: $0) }
            )
        }
        let found = try store.onDatabase { database in
            try SQLiteReader(database, lock: nil, vault: SecretVault(storePath: nil))
                .query("SELECT text FROM log ORDER BY sequence") { query in
                    var found: [String] = []
                    while try query.step() { found.append(query.readText()) }
                    return found
                }
        }
        #expect(found == texts)
    }

    @Test("an empty text is not NULL")
    func empty() throws {
        try SQLiteStore().read { reader in
            let reader = try #require(reader as? SQLiteReader)
            try reader.query("SELECT ? IS NULL, typeof(?2)") { query in
                query.bind("")
                query.bind("")
                let hasRow = try query.step()
                #expect(hasRow)
                #expect(query.readInt() == 0)
                #expect(query.readText() == "text")
            }
        }
    }

    @Test("a copy of a job has details of its own once one of them changes")
    func sharedDetails() {
        let job = Job(
            id: JobID(1),
            uuid: "",
            kind: "noop",
            target: .none,
            user: "u",
            createdAt: start
        )
        var one = StoredJob(job: job)
        let blank = StoredJob(job: job)
        one.extra.key = "k"
        var other = one
        #expect(other.hasSameExtra(as: one) && other == one && one != blank)
        other.extra.stalls = 2
        #expect(one.extra.stalls == 0 && other.extra.key == "k" && other != one)
        #expect(blank.extra == JobExtra())
    }

    @Test("a copy of a step's record has a plan of its own once one of them changes")
    func sharedPlans() {
        let one = StepRecord(
            index: 0,
            step: Step("Do nothing", .operation(Operation("noop", on: "")))
        )
        var other = one
        #expect(other == one && other.hashValue == one.hashValue)
        other.step.slots = 3
        #expect(one.step.slots == 1 && other.step.name == one.step.name && other != one)
    }
}
