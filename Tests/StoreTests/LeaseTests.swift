import Foundation
import Model
import Store
import Synchronization
import Testing

@Suite("A lease beside the store")
struct LeaseTests {
    private let folder: Folder
    private var path: String { folder.file("a.sqlite") }

    init() throws { folder = try Folder() }

    /// A machine with a monotonic clock of its own.
    private final class Machine: Sendable {
        let name: String
        let boot: String
        let clock: Mutex<Int64>

        init(_ name: String, boot: String, uptime: Int64) {
            (self.name, self.boot) = (name, boot)
            clock = Mutex(uptime)
        }

        func pass(_ milliseconds: Int64) { clock.withLock { $0 += milliseconds } }

        func ownership(_ path: String, process: Int32) -> Ownership {
            Ownership(
                storePath: path,
                lock: StoreLock(storePath: path + "." + name),
                uptime: { self.clock.withLock { $0 } },
                identity: { now in
                    LeaseRecord(
                        process: process,
                        started: Int64(process) * 10,
                        machine: self.name,
                        machineID: "id-" + self.name,
                        bootID: self.boot,
                        since: now
                    )
                }
            )
        }
    }

    private let here = Machine("here", boot: "b1", uptime: 1_000_000)
    private let there = Machine("there", boot: "b2", uptime: 5)

    private func pass(_ milliseconds: Int64) {
        here.pass(milliseconds)
        there.pass(milliseconds)
    }

    @Test("an owner elsewhere that renews it is never followed, whatever the clocks show")
    func alive() throws {
        let (owner, standby) = (here.ownership(path, process: 1), there.ownership(path, process: 2))
        #expect(try owner.tryTake(at: start) == .owned)
        for round in 0..<100 {
            // The walls of the two disagree by hours; nobody compares them.
            let wall = start + Int64(round) * 7_200_000 * (round.isMultiple(of: 2) ? 1 : -1)
            pass(5000)
            #expect(try owner.beat(at: wall) == LeaseFile.interval)
            #expect(try standby.tryTake(at: start) == .refused)
        }
    }

    @Test("an owner elsewhere that is dead is followed within 15 s, by exactly one")
    func dead() throws {
        let owner = here.ownership(path, process: 1)
        #expect(try owner.tryTake(at: start) == .owned)
        let standbys = (2...5).map { there.ownership(path, process: $0) }
        var owners: [Int] = []
        for second in 1...16 {
            let now = start + Int64(second)
            owners += try standbys.indices.filter { try standbys[$0].tryTake(at: now) != .refused }
            #expect(second <= 15 || owners.count >= 1)
            pass(1000)
        }

        #expect(Set(owners) == [0])
        let error = #expect(throws: StoreError.self) { try owner.beat(at: start) }
        #expect(error?.code == .notOwner)
        #expect(try owner.beat(at: start) == nil)
    }

    @Test("a dead owner of this machine is followed at once")
    func deadHere() throws {
        do {
            let owner = here.ownership(path, process: 1)
            #expect(try owner.tryTake(at: start) == .owned)
        }
        #expect(try here.ownership(path, process: 2).tryTake(at: start) == .owned)
    }

    @Test("a process of the same number after a reboot is not taken for the owner")
    func reboot() throws {
        do {
            let owner = here.ownership(path, process: 1)
            #expect(try owner.tryTake(at: start) == .owned)
        }
        let rebooted = Machine("here", boot: "b9", uptime: 3)

        #expect(try rebooted.ownership(path, process: 1).tryTake(at: start) == .owned)
    }

    @Test("a frozen owner of this machine is followed after 15 s, and finds out when it wakes")
    func frozen() throws {
        let (owner, standby) = (here.ownership(path, process: 1), here.ownership(path, process: 2))
        #expect(try owner.tryTake(at: start) == .owned)
        #expect(try standby.tryTake(at: start) == .refused)
        here.pass(14_999)
        #expect(try standby.tryTake(at: start) == .refused)
        here.pass(1)
        #expect(try standby.tryTake(at: start + 1) == .seized)

        #expect(throws: StoreError.self) { try owner.beat(at: start) }
        owner.forget()
        #expect(try owner.tryTake(at: start) == .refused)
        here.pass(5000)
        #expect(try standby.beat(at: start) == LeaseFile.interval)
    }

    @Test("one that was given back in peace is free at once, everywhere")
    func released() throws {
        let owner = here.ownership(path, process: 1)
        #expect(try owner.tryTake(at: start) == .owned)
        owner.release(at: start)

        #expect(try there.ownership(path, process: 2).tryTake(at: start) == .owned)
    }

    @Test("it is renewed when it is due, and not before; one that was removed is written again")
    func renewal() throws {
        let owner = here.ownership(path, process: 1)
        #expect(try owner.beat(at: start) == nil)
        #expect(try owner.tryTake(at: start) == .owned)
        let file = LeaseFile(storePath: path)
        here.pass(4999)
        #expect(try owner.beat(at: start) == 1)
        #expect(file.read()?.beat == 1)
        try FileManager.default.removeItem(atPath: file.path)
        here.pass(1)
        #expect(try owner.beat(at: start + 5000) == LeaseFile.interval)
        #expect(file.read()?.beat == 2)
        #expect(file.read()?.now == start + 5000)
    }

    @Test("garbage in its file is no lease", arguments: ["", "{", "[]", "\u{0}\u{0}"])
    func garbage(_ text: String) throws {
        let file = LeaseFile(storePath: path)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file.path))

        #expect(file.read() == nil)
        #expect(try here.ownership(path, process: 1).tryTake(at: start) == .owned)
    }

    @Test("the kernel knows when this process began")
    func processStart() {
        let started = ProcessClock.start(of: getpid())

        #expect(started != nil)
        #expect(started == LeaseRecord.current(since: start).started)
        #expect(ProcessClock.start(of: -1) == nil)
    }

    @Test("who stands by is listed until it is gone")
    func standbys() {
        let me = LeaseRecord.current(since: start)
        var gone = me
        gone.process = 1 << 22
        var elsewhere = me
        (elsewhere.bootID, elsewhere.machine) = ("other", "there")
        for record in [me, gone, elsewhere] { Standbys.note(record, of: path) }

        #expect(Set(Standbys.list(of: path).map(\.machine)) == [me.machine, "there"])
        Standbys.remove(me, of: path)
        Standbys.remove(elsewhere, of: path)
        #expect(Standbys.list(of: path).isEmpty)
    }
}
