import Model
import Store
import Testing

@Suite("Tickets and locks")
struct TicketTests {
    private static func ticket(
        _ number: Int64,
        _ resource: String,
        job: Int64,
        scope: Int64 = 0,
        _ mode: LockMode = .exclusive,
        granted: Bool = true
    ) -> Ticket {
        Ticket(
            number: number,
            resource: resource,
            job: JobID(job),
            scope: scope,
            mode: mode,
            isGranted: granted,
            since: start
        )
    }

    private static let tickets = [
        ticket(1, "vm/a", job: 1), ticket(2, "vm/a", job: 2, granted: false),
        ticket(3, "vm/a", job: 3, .shared, granted: false), ticket(4, "vm/a", job: 4, scope: 9),
        ticket(5, "host/h", job: 1, .shared), ticket(6, "vm/b", job: 5),
        ticket(7, "vmware/x", job: 6),
    ]

    private func filled(_ kind: StoreKind) throws -> TestStore {
        let store = try kind.make()
        try store.write { tx in
            try tx.insert((1...6).map { stored($0) }, ofStep: nil)
            try tx.insert(Self.tickets)
        }
        return store
    }

    @Test("tickets are found by resource and scope, and by job", arguments: StoreKind.allCases)
    func found(_ kind: StoreKind) throws {
        let store = try filled(kind)

        try store.read { reader in
            let queue = try reader.tickets(for: [
                TicketKey(resource: "host/h", scope: 0), TicketKey(resource: "vm/a", scope: 0),
                TicketKey(resource: "vm/z", scope: 0),
            ])
            let child = try reader.tickets(for: [TicketKey(resource: "vm/a", scope: 9)])
            let mine = try reader.tickets(of: [JobID(1), JobID(2)])

            #expect(queue.map(\.number) == [1, 2, 3, 5])
            #expect(child == [Self.tickets[3]])
            #expect(mine == [Self.tickets[0], Self.tickets[1], Self.tickets[4]])
        }
    }

    @Test("a granted ticket waits no more", arguments: StoreKind.allCases)
    func grant(_ kind: StoreKind) throws {
        let store = try filled(kind)
        #expect(try store.read { try $0.contended() } == [TicketKey(resource: "vm/a", scope: 0)])

        try store.write { tx in
            try tx.deleteTickets(of: [JobID(1)])
            try tx.grant([2], at: start + 5)
        }
        let first = try store.read { try $0.tickets(of: [JobID(2)]).first }
        let contended = try store.read { try $0.contended() }
        try store.write { try $0.grant([3], at: start + 6) }

        #expect(first?.isGranted == true)
        #expect(first?.since == start + 5)
        #expect(contended == [TicketKey(resource: "vm/a", scope: 0)])
        #expect(try store.read { try $0.contended() }.isEmpty)
    }

    @Test("tickets go with their jobs", arguments: StoreKind.allCases)
    func delete(_ kind: StoreKind) throws {
        let store = try filled(kind)
        try store.write { try $0.deleteTickets(of: (1...5).map { JobID($0) }) }

        #expect(try store.read { try $0.locks(limit: 99) }.map(\.ticket.number) == [7])
    }

    @Test("the list of locks begins with what is waited for", arguments: StoreKind.allCases)
    func locks(_ kind: StoreKind) throws {
        let store = try filled(kind)

        let lines = try store.read { try $0.locks(limit: 99) }
        let short = try store.read { try $0.locks(limit: 2) }

        #expect(lines.map(\.ticket.number) == [1, 2, 3, 5, 4, 6, 7])
        #expect(lines.map { $0.behind.map(\.number) } == [[], [1], [1, 2], [], [], [], []])
        #expect(lines.allSatisfy { $0.kind == "vm.start" })
        #expect(short == Array(lines.prefix(2)))
    }

    @Test("the holder of each target is named by the target", arguments: StoreKind.allCases)
    func holders(_ kind: StoreKind) throws {
        let store = try filled(kind)

        #expect(
            try store.read { try $0.holders(ofType: "vm") } == ["a": JobID(1), "b": JobID(5)]
        )
        #expect(try store.read { try $0.holders(ofType: "host") } == ["h": JobID(1)])
        #expect(try store.read { try $0.holders(ofType: "disk") }.isEmpty)
    }

    @Test("lanes show what is queued and what is at work", arguments: StoreKind.allCases)
    func loads(_ kind: StoreKind) throws {
        let store = try kind.make()
        func at(_ number: Int64, _ lane: String, _ state: JobState) -> StoredJob {
            stored(number) {
                $0.isPlanned = true
                $0.job.lane = lane
                $0.queue = state == .queued ? lane + "|+" : ""
                $0.job.state = state
                $0.job.backend = state == .queued ? .done : .running
            }
        }
        try store.insert([
            at(1, "host/a", .queued), at(2, "host/a", .running), at(3, "host/b", .cancelling),
            at(4, "host/b", .completed), at(5, "host/b", .childRunning),
        ])
        func atWork(_ number: Int64, _ lane: String) -> (JobID, StepRecord) {
            var step = StepRecord(
                index: 0,
                step: Step("work", .operation(Operation("work", on: "thing/1")))
            )
            (step.state, step.lane, step.taken) = (.running, lane, 2)
            return (JobID(number), step)
        }
        try store.write { tx in
            try tx.save([atWork(2, "host/a"), atWork(3, "host/b"), atWork(4, "host/b")])
            try tx.save([LaneLine(name: "host/c", slots: 3, used: 9, queued: 9)])
        }

        let loads = try store.read { try $0.laneLoads() }

        #expect(loads.map(\.name) == ["host/a", "host/b", "host/c"])
        #expect(loads.map(\.queued) == [1, 0, 0])
        #expect(loads.map(\.used) == [2, 2, 0])
        #expect(loads.map(\.slots) == [0, 0, 3])
    }
}
