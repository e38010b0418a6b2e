import Model
import Store
import Testing

@Suite("Links between jobs, and jobs that can be joined")
struct LinkTests {
    private func filled(_ kind: StoreKind) throws -> TestStore {
        let store = try kind.make()
        try store.write { tx in
            _ = try tx.take(6, from: .job)
            try tx.insert(
                (1...5).map { number in
                    stored(number) { if number == 1 { $0.job.state = .completed } }
                },
                ofStep: nil
            )
            try tx.insertDependencies(of: JobID(4), on: [JobID(1), JobID(2), JobID(3)])
            try tx.insertDependencies(of: JobID(5), on: [JobID(2)])
        }
        return store
    }

    @Test(
        "who comes after whom is read from both sides, with states",
        arguments: StoreKind.allCases
    )
    func links(_ kind: StoreKind) throws {
        let store = try filled(kind)

        try store.read { reader in
            let links = try reader.links(of: [JobID(2), JobID(4), JobID(1)])
            #expect(links[JobID(4)]?.prerequisites.map(\.id.number) == [1, 2, 3])
            #expect(
                links[JobID(4)]?.prerequisites.map(\.state) == [.completed, .pending, .pending]
            )
            #expect(links[JobID(2)]?.dependents.map(\.id.number) == [4, 5])
            #expect(links[JobID(2)]?.prerequisites.isEmpty == true)
            let open = try reader.openPrerequisites(of: JobID(4), limit: 9)
            #expect(open.map(\.id.number) == [2, 3])
            #expect(try reader.openPrerequisites(of: JobID(4), limit: 1).count == 1)
            #expect(try reader.newestJob() == JobID(6))
        }
    }

    @Test("a job with many links names the oldest of them, up to a bound")
    func bound() throws {
        let store = try StoreKind.memory.make()
        let count = StoreLimits.links + 5
        try store.write { tx in
            try tx.insert((1...Int64(count)).map { stored($0) }, ofStep: nil)
            for number in 2...count {
                try tx.insertDependencies(of: JobID(Int64(number)), on: [JobID(1)])
            }
        }
        let links = try store.read { try $0.links(of: [JobID(1)]) }
        #expect(links[JobID(1)]?.dependents.count == StoreLimits.links)
        #expect(links[JobID(1)]?.dependents.first?.id == JobID(2))
    }

    @Test("a policy and a signature come back as they were", arguments: StoreKind.allCases)
    func details(_ kind: StoreKind) throws {
        let store = try kind.make()
        var job = stored(1)
        job.extra.afterFailure = .skip
        job.extra.signature = .min
        try store.write { try $0.insert([job, stored(2)], ofStep: nil) }

        let found = try store.read { try $0.jobs([JobID(1), JobID(2)]) }
            .sorted { $0.job.id < $1.job.id }

        #expect(found[0].extra == job.extra)
        #expect(found[1].extra.isEmpty)
        #expect(!job.extra.isEmpty)
    }

    @Test("jobs are found by signature, newest first, until they are taken out")
    func joinable() throws {
        let store = try filled(.memory)
        try store.write { tx in
            try tx.insertJoinable([(7, JobID(2)), (7, JobID(3)), (-8, JobID(4))])
            try tx.insertJoinable([(7, JobID(2))])
        }
        #expect(try store.read { try $0.joinable(7) }.map(\.number) == [3, 2])

        try store.write { try $0.deleteJoinable([(7, JobID(3)), (7, JobID(4))]) }

        #expect(try store.read { try $0.joinable(7) }.map(\.number) == [2])
        #expect(try store.read { try $0.joinable(-8) }.map(\.number) == [4])
        #expect(try store.read { try $0.joinable(9) }.isEmpty)
    }

    @Test(
        "newer jobs that wait for a plan count if they may be near: same target, or another type",
        arguments: [("vm", "web-2", false), ("vm", "web-1", true), ("", "", true)]
    )
    func unplanned(_ type: String, _ name: String, _ counts: Bool) throws {
        let store = try StoreKind.memory.make()
        let target = Target(type: "vm", name: "web-1")
        let newer = stored(2) { $0.job.target = Target(type: type, name: name) }
        try store.write { tx in
            try tx.insert([stored(1) { $0.job.target = target }, newer], ofStep: nil)
            try tx.insertSubmitted(JobID(1), at: start)
            try tx.insertSubmitted(JobID(2), at: start)
        }
        #expect(try store.read { try $0.hasUnplanned(after: JobID(1), near: target) } == counts)
        #expect(try !store.read { try $0.hasUnplanned(after: JobID(2), near: target) })
    }
}
