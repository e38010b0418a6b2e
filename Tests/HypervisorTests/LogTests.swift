import Foundation
import Hypervisor
import Testing

@Suite("The log")
final class LogTests {
    private let directory: String
    private var path: String { directory + "/hypervisor.log" }

    init() throws {
        directory = NSTemporaryDirectory() + "signalbox-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func open(bound: Int = 1 << 30) throws -> SimulatedHypervisor {
        try SimulatedHypervisor(log: path, inventory: Lab.inventory, seed: 3, bound: bound)
    }

    private func state(_ hypervisor: SimulatedHypervisor, _ now: Int64) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(hypervisor.saved(at: now))
    }

    private func contents() throws -> Data { try Data(contentsOf: URL(filePath: path)) }

    private func damage(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    @Test("Reopened anywhere, it goes on as if it had never been closed", arguments: 1...4)
    func replay(seed: UInt64) throws {
        let straight = SimulatedHypervisor(inventory: Lab.inventory, seed: 3)
        var walker = Walker(seed: seed)
        var dice = Dice(state: seed)
        var kept: SimulatedHypervisor? = try open(bound: seed.isMultiple(of: 2) ? 1_000 : 1 << 30)
        for _ in 0..<400 {
            let step = walker.next(straight.inventory())
            let expected = straight.take(step, at: walker.now)
            #expect(kept?.take(step, at: walker.now) == expected)
            if dice.below(25) == 0 {
                kept = nil
                kept = try open()
                let hypervisor = try #require(kept)
                #expect(try state(hypervisor, walker.now) == state(straight, walker.now))
            }
        }
    }

    @Test("A last line that a crash tore is as if it had not been asked")
    func torn() throws {
        var hypervisor: SimulatedHypervisor? = try open()
        let call = TaskCall(id: "t1", verb: "vm.boot", subject: "vm/db-1")
        #expect(hypervisor?.begin(call, at: 10) == .accepted)
        let before = try state(try #require(hypervisor), 20)
        _ = hypervisor?.begin(TaskCall(id: "t2", verb: "vm.reset", subject: "vm/web-1"), at: 20)
        hypervisor = nil
        let whole = try contents()
        let start = try #require(whole.dropLast().lastIndex(of: UInt8(ascii: "\n"))) + 1
        for length in [start, start + 1, (start + whole.count) / 2, whole.count - 1] {
            try whole.prefix(length).write(to: URL(filePath: path))
            let again = try open()
            #expect(try state(again, 20) == before)
            #expect(again.probe("t2", at: 20).status == .unknown)
        }
    }

    @Test("A running task goes on by the clock while the process is away, and is news again")
    func away() throws {
        var hypervisor: SimulatedHypervisor? = try open()
        let call = TaskCall(id: "t1", verb: "vm.boot", subject: "vm/db-1")
        _ = hypervisor?.begin(call, at: 10)
        hypervisor = nil
        let again = try open()
        #expect(again.probe("t1", at: 500).status == .running)
        #expect(again.begin(call, at: 600) == .accepted)
        #expect(again.news(at: 10_000_000).map(\.status) == [.done])
        #expect(again.inventory().vms["db-1"]?.state == .running)
        #expect(again.hostOf(vm: "db-1") == "kvm-a02")
    }

    @Test("What ended before the process went away is news again until it is cleared")
    func newsAgain() throws {
        var hypervisor: SimulatedHypervisor? = try open()
        let call = TaskCall(id: "t1", verb: "vm.boot", subject: "vm/db-1")
        _ = hypervisor?.begin(call, at: 10)
        _ = hypervisor?.interrupt("t1", fence: 0, at: 20)
        for _ in 1...2 {
            hypervisor = nil
            hypervisor = try open()
            #expect(hypervisor?.nextNews(after: 30) == 30)
            #expect(hypervisor?.news(at: 30).map(\.status) == [.interrupted])
        }
        hypervisor?.clear("t1", at: 40)
        hypervisor = nil
        hypervisor = try open()
        #expect(hypervisor?.news(at: 50).isEmpty == true)
    }

    @Test("A host that was cut off for a time comes back although the process was away")
    func awayWhileCut() throws {
        var hypervisor: SimulatedHypervisor? = try open()
        var rule = FaultRule(id: "cut", action: .hostUnreachable, scope: .host("kvm-a01"))
        rule.until = 5_000
        _ = hypervisor?.add(rule, at: 10)
        // The first time the call is replayed, the second time it is part of the snapshot.
        hypervisor = nil
        hypervisor = try open()
        hypervisor = nil
        let again = try open()
        #expect(again.inventory().hosts["kvm-a01"]?.state == .unreachable)
        #expect(again.nextNews(after: 20) == 5_000)
        _ = again.news(at: 5_000)
        #expect(again.inventory().hosts["kvm-a01"]?.state == .up)
    }

    @Test("The file is for its owner only, and in use by one at a time")
    func owner() throws {
        let first = try open()
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(throws: HypervisorLogError.inUse(path: path)) { try open() }
        #expect(first.revision == 0)
    }

    @Test("A batch of calls is one line each, and a long log is compacted")
    func compaction() throws {
        let hypervisor = try open(bound: 1)
        let snapshot = try contents().count
        let pings = (0..<2_000).map {
            TaskCall(id: "t\($0)", verb: "host.ping", subject: "host/kvm-a01")
        }
        _ = hypervisor.begin(all: Array(pings.prefix(10)), at: 0)
        #expect(try contents().filter { $0 == UInt8(ascii: "\n") }.count == 11)
        hypervisor.clear(all: (0..<10).map { "t\($0)" }, at: 10_000)
        for start in stride(from: 10, to: 2_000, by: 10) {
            let batch = Array(pings[start..<start + 10])
            _ = hypervisor.begin(all: batch, at: Int64(start) * 10_000)
            hypervisor.clear(all: batch.map(\.id), at: Int64(start + 9) * 10_000)
        }
        // All of the calls would take some hundred kilobytes.
        #expect(try contents().count < 20 * snapshot)
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
    }

    @Test(
        "A damaged file gives an error that names it and the line, and stays as it is",
        arguments: [
            ("no json at all\n", 1), ("{\"signalboxHypervisor\":1}\n", 1), ("{}", 1),
            ("{\"signalboxHypervisor\":1,\"state\":{\"seed\":1}}\n", 1),
        ]
    )
    func damagedHead(text: String, line: Int) throws {
        try damage(text)
        #expect {
            try self.open()
        } throws: { error in
            guard case .damaged(path, line, _)? = error as? HypervisorLogError else { return false }
            return "\(error)".contains(path) && "\(error)".contains("Move the file away")
        }
        #expect(try contents() == Data(text.utf8))
    }

    @Test("A damaged line in the middle is named, and nothing is overwritten")
    func damagedMiddle() throws {
        var hypervisor: SimulatedHypervisor? = try open()
        _ = hypervisor?.begin(TaskCall(id: "t1", verb: "vm.boot", subject: "vm/db-1"), at: 10)
        hypervisor = nil
        var data = try contents()
        data.append(Data("{\"at\":oops}\n{\"at\":5,\"clear\":\"t1\"}\n".utf8))
        try data.write(to: URL(filePath: path))
        #expect {
            try self.open()
        } throws: { error in
            guard case .damaged(_, 3, _)? = error as? HypervisorLogError else { return false }
            return "\(error)".contains("cut it off after line 2")
        }
        #expect(try contents() == data)
    }

    @Test("A newer format and a missing directory are told apart")
    func otherErrors() throws {
        try damage("{\"signalboxHypervisor\":2,\"state\":{}}\n")
        #expect(throws: HypervisorLogError.newer(path: path, version: 2)) { try open() }
        let nowhere = directory + "/no/such.log"
        #expect {
            try SimulatedHypervisor(log: nowhere, inventory: Lab.inventory, seed: 1)
        } throws: { error in
            "\(error)".contains(nowhere) && "\(error)".contains("No such file")
        }
        #expect(throws: HypervisorLogError.self) {
            try SimulatedHypervisor(log: "/dev/full", inventory: Lab.inventory, seed: 1)
        }
    }
}
