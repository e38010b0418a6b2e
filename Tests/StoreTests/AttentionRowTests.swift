import Model
import Store
import Testing

@Suite("Jobs that call for attention")
struct AttentionRowTests {
    private static func family() -> [StoredJob] {
        func member(_ id: Int64, of parent: Int64?, _ attention: Attention) -> StoredJob {
            stored(id) { stored in
                stored.job.state = parent == nil ? .failed : .needsOperator
                stored.job.parentID = parent.map { JobID($0) }
                stored.job.rootID = JobID(parent == nil ? id : 1)
                stored.job.attention = attention
            }
        }
        return [
            member(1, of: nil, .open), member(2, of: 1, .none), member(3, of: 2, .open),
            member(4, of: 1, .acked), member(5, of: 1, .open), member(6, of: nil, .open),
            member(7, of: nil, .none), member(8, of: 3, .open),
        ]
    }

    @Test("come back, are counted, and are found by a filter", arguments: StoreKind.allCases)
    func found(_ kind: StoreKind) throws {
        let store = try kind.make()
        let family = Self.family()
        try store.insert(family)
        func ids(_ text: String) throws -> [Int64] {
            let query = JobQuery(filter: try FilterParser.parse(text), order: .oldest)
            return try store.read { try $0.page(query, at: start).rows.map(\.job.id.number) }
        }

        #expect(try store.read { try $0.jobs(family.map(\.job.id)) }.count == 8)
        #expect(try ids("is:unacked") == [1, 3, 5, 6, 8])
        #expect(try ids("attention:acked") == [4])
        #expect(try ids("!is:unacked !is:acked") == [2, 7])
        #expect(try store.read { try $0.unacknowledged(limit: 100) } == 5)
        #expect(try store.read { try $0.unacknowledged(limit: 3) } == 3)
    }

    @Test("are found below a job, however deep", arguments: StoreKind.allCases)
    func below(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.insert(Self.family())
        func below(_ id: Int64) throws -> [Int64] {
            try store.read { try $0.unacknowledged(below: JobID(id)).map(\.number) }
        }

        #expect(try below(1) == [3, 5, 8])
        #expect(try below(2) == [3, 8])
        #expect(try below(3) == [8])
        #expect(try below(6).isEmpty)
    }

    @Test("the filter says the same of a row and of a job", arguments: Attention.allCases)
    func same(_ attention: Attention) throws {
        let store = try SQLiteStore()
        try store.insert(Self.family())
        for text in ["attention:\(attention.rawValue)", "attention:*e*", "attention:a*"] {
            let filter = try FilterParser.parse(text)
            let rows = try store.read { try $0.page(JobQuery(filter: filter), at: start).rows }
            let fitting = Self.family().map(\.job).filter { filter.matches($0, at: start) }
            #expect(Set(rows.map(\.job.id)) == Set(fitting.map(\.id)))
        }
    }
}
