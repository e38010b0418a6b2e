import Foundation
import Model
@testable import Store
import Testing

@Suite("Reading the journal on")
struct JournalPlaceTests {
    private static func entry(_ job: Int64, at moment: Timestamp) -> JournalEntry {
        JournalEntry(
            job: JobID(job),
            at: moment,
            from: nil,
            to: .pending,
            actor: "ann",
            cause: "accepted"
        )
    }

    @Test("an event is the line, and the job as it is after it", arguments: StoreKind.allCases)
    func events(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.insert([stored(1) { $0.job.state = .running }])
        try store.write { try $0.append([Self.entry(1, at: start), Self.entry(9, at: start)]) }

        let events = try store.read { try $0.events(after: 0, limit: 10) }

        #expect(events.map(\.entry.sequence) == [1, 2])
        #expect(events.map { $0.job?.id } == [JobID(1), nil])
        #expect(events[0].job?.state == .pending)
        #expect(try store.read { try $0.journalEnd() } == 2)
        #expect(try store.read { try $0.events(after: 2, limit: 10) }.isEmpty)
    }

    @Test(
        "a moment is found by halving",
        arguments: [
            (-1, 0), (0, 0), (1, 1), (20_000, 20), (20_500, 21), (49_000, 49), (50_000, 50),
        ]
    )
    func place(_ milliseconds: Int64, _ expected: Int64) throws {
        let store = try SQLiteStore()
        let entries = (0..<50).map { Self.entry(1, at: start + $0 * 1000) }
        try store.write { try $0.append(entries) }

        let place = try store.read { try $0.journalPlace(before: start + milliseconds) }

        #expect(place == expected)
    }

    @Test("a line that is a little older than the one before it is not passed over")
    func slack() throws {
        let store = try SQLiteStore()
        // The search looks at the fourth one first.
        let offsets: [Int64] = [0, 30_000, 29_000, 28_500, 31_000, 60_000]
        try store.write { tx in try tx.append(offsets.map { Self.entry(1, at: start + $0) }) }

        #expect(try store.read { try $0.journalPlace(before: start + 28_800) } == 1)
    }

    @Test("lines that were archived meanwhile are not passed over", arguments: StoreKind.allCases)
    func archived(_ kind: StoreKind) throws {
        let store = try kind.make()
        for number in 1...3 as ClosedRange<Int64> {
            try store.insert([stored(number) { $0.job.state = .completed }])
        }
        let lines = [1, 2, 1, 3, 2].enumerated().map { place, number in
            Self.entry(number, at: start + Int64(place) * 60_000)
        }
        try store.write { try $0.append(lines) }
        let tree = EndedTree(root: JobID(2), members: [JobID(2): .completed])
        try store.write { try $0.archive([tree], at: start) }

        let events = try store.read { try $0.events(after: 1, limit: 3) }

        #expect(events.map(\.entry.sequence) == [2, 3, 4])
        #expect(events.first?.job?.id == JobID(2))
        #expect(try store.read { try $0.events(after: 4, limit: 3) }.map(\.entry.job.number) == [2])
        #expect(try store.read { try $0.journalPlace(before: start + 60_000) } == 1)
        #expect(try store.read { try $0.journalPlace(before: start + 240_000) } == 4)
    }

    @Test("the order of the journal is that of the commits, without a gap, whoever writes")
    func order() throws {
        let folder = try Folder()
        let path = folder.file("a.sqlite")
        let reader = try SQLiteStore(path: path)
        let writers = try (0..<3).map { _ in try SQLiteStore(path: path) }
        let done = DispatchGroup()
        for (number, writer) in writers.enumerated() {
            DispatchQueue.global().async(group: done) {
                for round in 0..<40 {
                    // Every third transaction takes numbers and then fails.
                    try? writer.write { tx in
                        let lines = (0..<3).map { _ in Self.entry(Int64(number), at: start) }
                        try tx.append(lines)
                        if round % 3 == 2 { throw StoreError(.refused, action: "end well") }
                    }
                }
            }
        }
        var seen: [Int64] = []
        var isOver = false
        while true {
            let part = try reader.read { try $0.events(after: seen.last ?? 0, limit: 7) }
            seen += part.map(\.entry.sequence)
            guard part.isEmpty else { continue }
            if isOver { break }
            isOver = done.wait(timeout: .now() + .milliseconds(1)) == .success
        }

        #expect(seen == Array(1...Int64(3 * 27 * 3)))
    }
}
