import GRDB
import Model
import Testing

@testable import Store

@Suite("The chain of the audit")
struct AuditChainTests {
    private static func entry(_ number: Int64) -> AuditEntry {
        var entry = AuditEntry(
            at: start + number * 86_400_000,
            user: "ann",
            action: "abort",
            subject: "job-\(number)"
        )
        (entry.before, entry.after, entry.outcome) = ("running", "cancelling", "accepted")
        (entry.account, entry.origin, entry.reason) = ("dev", "pts/3 on kvm", "it hangs")
        return entry
    }

    private static func filled() throws -> SQLiteStore {
        let store = try SQLiteStore()
        try store.write { try $0.append((1...5).map(entry)) }
        try store.write { try $0.append((6...12).map(entry)) }
        return store
    }

    private static func problems(
        _ store: SQLiteStore,
        expecting known: (Int64, String)? = nil
    ) throws -> [String] {
        try store.read { try $0.verifyAudit(expecting: known) }.problems
    }

    @Test("lines come back as they were written, in order, bound to each other")
    func comeBack() throws {
        let store = try Self.filled()

        let found = try store.read { try $0.audit(of: nil, after: 0, limit: 100) }

        var expected = (1...12).map { Self.entry($0) }
        for index in expected.indices {
            expected[index].sequence = Int64(index + 1)
            expected[index].digest = found[index].digest
        }
        #expect(found == expected)
        #expect(Set(found.map(\.digest)).count == 12)
        #expect(found.allSatisfy { $0.digest.count == 64 })
        let findings = try store.read { try $0.verifyAudit(expecting: nil) }
        #expect(findings.problems.isEmpty)
        #expect((findings.lines, findings.last) == (12, 12))
        #expect(findings.digest == found.last?.digest)
        #expect(try Self.problems(store, expecting: (7, found[6].digest)).isEmpty)
    }

    @Test(
        "a line that was changed is found, whichever of its fields it was",
        arguments: [
            "at = at + 1", "user = 'bob'", "action = 'cancel'", "subject = 'job-99'",
            "reason = ''", "before = 'queued'", "after = 'aborted'", "outcome = 'refused: no'",
            "account = 'test'", "origin = ''", "digest = ''",
        ]
    )
    func changed(_ change: String) throws {
        let store = try Self.filled()
        try store.onDatabase { database in
            try database.execute(sql: "DROP TRIGGER audit_is_not_changed")
            try database.execute(sql: "UPDATE audit SET \(change) WHERE sequence = 4")
        }

        #expect(try Self.problems(store).first == "line 4 is not as it was written")
    }

    @Test(
        "a line that was removed is found, at the beginning, in the middle and at the end",
        arguments: [
            ("= 1", "line 1 is missing"), ("IN (6, 7)", "lines 6 to 7 are missing"),
            ("> 10", "lines 11 to 12 are missing"), ("> 0", "lines 1 to 12 are missing"),
        ]
    )
    func removed(_ which: String, _ problem: String) throws {
        let store = try Self.filled()
        try store.onDatabase { database in
            try database.execute(sql: "DROP TRIGGER audit_is_not_removed")
            try database.execute(sql: "DELETE FROM audit WHERE sequence \(which)")
        }

        #expect(try Self.problems(store) == [problem])
    }

    @Test("a chain that was made anew is found by a digest that was kept elsewhere")
    func rewritten() throws {
        let known = try Self.filled().read { try $0.audit(of: nil, after: 6, limit: 1) }[0].digest
        let forged = try SQLiteStore()
        let entries = (1...Int64(12)).map { number in
            var entry = Self.entry(number)
            if number == 3 { entry.user = "bob" }
            return entry
        }
        try forged.write { try $0.append(entries) }

        #expect(try Self.problems(forged).isEmpty)
        let found = try Self.problems(forged, expecting: (7, known))
        #expect(found == ["line 7 has another digest than it had"])
        #expect(!(try Self.problems(forged, expecting: (13, known)).isEmpty))
    }

    @Test("lines are never edited or removed with plain SQL")
    func triggers() throws {
        let store = try Self.filled()
        for sql in ["UPDATE audit SET user = 'bob'", "DELETE FROM audit"] {
            #expect(throws: StoreError.self) {
                try store.onDatabase { try $0.execute(sql: sql) }
            }
        }
    }

    @Test("old lines can go, from the beginning only, and the chain holds on")
    func trimmed() throws {
        let store = try Self.filled()

        #expect(try store.write { try $0.trimAudit(before: start + 5 * 86_400_000) } == 4)
        #expect(try Self.problems(store).isEmpty)
        #expect(try store.write { try $0.trimAudit(before: start) } == 0)
        try store.write { try $0.append([Self.entry(13)]) }
        #expect(try store.read { try $0.audit(of: nil, after: 0, limit: 100) }.count == 9)
        #expect(try Self.problems(store).isEmpty)
        #expect(try store.write { try $0.trimAudit(before: start + 99 * 86_400_000) } == 9)
        try store.write { try $0.append([Self.entry(14)]) }
        #expect(try Self.problems(store).isEmpty)
        #expect(throws: StoreError.self) {
            try store.onDatabase { try $0.execute(sql: "DELETE FROM audit") }
        }
    }

    @Test(
        "SHA-256 gives the digests of the standard",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "a", count: 1000),
                "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
            ),
        ]
    )
    func standard(_ text: String, _ digest: String) {
        #expect(SHA256.hex(text.utf8) == digest)
    }

    @Test("roles come back as they were set")
    func roles() throws {
        let store = try SQLiteStore()
        let lines = [
            RoleLine("*", .viewer), RoleLine("@ops", .operator),
            RoleLine("bob", .operator, accounts: ["dev", "te\"st"]), RoleLine("éva", .admin),
        ]
        try store.write { try $0.replaceRoles(lines) }
        #expect(try store.read { try $0.roleLines() } == lines)
        try store.write { try $0.replaceRoles([]) }
        #expect(try store.read { try $0.roleLines() }.isEmpty)
    }
}
