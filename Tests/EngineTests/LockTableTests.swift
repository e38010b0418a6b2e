import Model
import Store
import Testing

@testable import Engine

@Suite("The queues of locks")
struct LockTableTests {
    private let now = Timestamp(milliseconds: 0)
    private let key = TicketKey(resource: "vm/a", scope: 0)

    private func ticket(_ number: Int64, _ mode: LockMode, on resource: String = "vm/a") -> Ticket {
        Ticket(
            number: number,
            resource: resource,
            job: JobID(number),
            scope: 0,
            mode: mode,
            isGranted: false,
            since: now
        )
    }

    private func table(_ modes: LockMode...) -> (LockTable, [Bool]) {
        var table = LockTable()
        table.load([], for: [key])
        var held: [Bool] = []
        for (index, mode) in modes.enumerated() {
            held.append(table.draw(ticket(Int64(index + 1), mode)))
        }
        return (table, held)
    }

    @Test("grant a free resource at once")
    func free() {
        #expect(table(.exclusive).1 == [true])
        #expect(table(.shared).1 == [true])
    }

    @Test("let readers in together, and a writer alone")
    func modes() {
        #expect(table(.shared, .shared).1 == [true, true])
        #expect(table(.exclusive, .shared).1 == [true, false])
        #expect(table(.shared, .exclusive).1 == [true, false])
    }

    @Test("let nobody overtake one who waits")
    func firstCome() {
        #expect(table(.shared, .exclusive, .shared).1 == [true, false, false])
    }

    @Test("pass a lock to the next in line, and to all readers that follow each other")
    func passing() {
        var (table, _) = table(.exclusive, .shared, .shared, .exclusive, .shared)
        let gained = table.release(JobID(1), keys: [key], at: now)
        #expect(gained == [JobID(2), JobID(3)])
        #expect(table.release(JobID(2), keys: [key], at: now).isEmpty)
        #expect(table.release(JobID(3), keys: [key], at: now) == [JobID(4)])
        #expect(table.release(JobID(4), keys: [key], at: now) == [JobID(5)])
    }

    @Test("close ranks when one who waits gives up")
    func givingUp() {
        var (table, _) = table(.shared, .exclusive, .shared)
        #expect(table.release(JobID(2), keys: [key], at: now) == [JobID(3)])
    }

    @Test("name the one who stands in the way")
    func obstacle() {
        let (table, _) = table(.shared, .exclusive, .shared)
        #expect(table.obstacle(of: JobID(1), keys: [key]) == nil)
        #expect(table.obstacle(of: JobID(2), keys: [key])?.job == JobID(1))
        #expect(table.obstacle(of: JobID(3), keys: [key])?.job == JobID(2))
    }

    @Test("keep apart what is written anew and what is changed in the store")
    func bookkeeping() {
        var table = LockTable()
        var stored = ticket(1, .exclusive)
        stored.isGranted = true
        table.load([stored, ticket(2, .exclusive)], for: [key])
        _ = table.draw(ticket(3, .shared))

        _ = table.release(JobID(1), keys: [key], at: now + 5)

        #expect(table.released == [JobID(1)])
        #expect(table.granted == [2])
        #expect(table.drawn.map(\.number) == [3])
        _ = table.release(JobID(3), keys: [key], at: now + 5)
        #expect(table.drawn.isEmpty)
        #expect(table.released == [JobID(1)])
    }

    @Test("know where somebody waits")
    func contention() {
        let other = TicketKey(resource: "vm/other", scope: 0)
        var known: Set<TicketKey> = [other]
        let (busy, _) = table(.shared, .exclusive)
        busy.noteContention(in: &known)
        #expect(known == [key, other])
        let (quiet, _) = table(.shared, .shared)
        quiet.noteContention(in: &known)
        #expect(known == [other])
    }
}
