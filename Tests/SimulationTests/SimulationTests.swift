import Engine
import Foundation
import Model
import Synchronization
import TestKit
import Testing

@Suite("The simulation")
struct SimulationTests {
    /// How many pieces the seeds are cut into; they can run side by side.
    private static let chunks = 20
    private static let usualSeeds: ClosedRange<UInt64> = 1...2000

    /// The seeds to be run instead, for whoever looks into one or has more time: `66`, `1001-9000`.
    private static let wanted: ClosedRange<UInt64>? = {
        let text = ProcessInfo.processInfo.environment["SIGNALBOX_SEED"] ?? ""
        let numbers = text.split(separator: "-").compactMap { UInt64($0) }
        guard let first = numbers.first, let last = numbers.last, first <= last else { return nil }
        return first...last
    }()

    /// What the seeds have visited so far, and how many pieces are done.
    private static let visited = Mutex((census: Census(), chunks: 0))

    @Test("What must hold holds after every step, and everything settles", arguments: 0..<chunks)
    func holds(chunk: Int) {
        let seeds = Self.wanted ?? Self.usualSeeds
        var census = Census()
        for seed in seeds where seed % UInt64(Self.chunks) == chunk {
            guard let visited = Self.run(seed) else { return }
            census.add(visited)
        }
        Self.add(census)
    }

    /// Adds what a piece has visited; the last one looks whether all has been.
    ///
    /// Every move, every rung of the ladder, everything that people can ask for, done and refused,
    /// and everything that jobs wait for is visited by the usual seeds. What never happens is not
    /// tested here, so whoever makes something unreachable has to say so.
    private static func add(_ census: Census) {
        let whole = visited.withLock { visited in
            visited.census.add(census)
            visited.chunks += 1
            return visited.chunks == chunks ? visited.census : nil
        }
        guard let whole, wanted.map({ $0.count >= usualSeeds.count }) ?? true else { return }
        #expect(whole.missing.isEmpty)
        #expect(whole.surprises.isEmpty)
    }

    /// Runs a seed; what it has visited, or nil if something did not hold.
    private static func run(_ seed: UInt64) -> Census? {
        do {
            let simulation = try Simulation(seed: seed)
            do {
                try simulation.run()
                return simulation.census
            } catch {
                let tail = wanted?.count == 1 ? "\n" + simulation.tail() : ""
                Issue.record("SIGNALBOX_SEED=\(seed), step \(simulation.steps): \(error)\(tail)")
            }
        } catch {
            Issue.record("SIGNALBOX_SEED=\(seed): \(error)")
        }
        return nil
    }

    @Test("The same seed gives the same journal", arguments: [3, 14, 15, 92, 65, 35] as [UInt64])
    func repeats(seed: UInt64) throws {
        let journals = try (0..<2).map { _ in
            let simulation = try Simulation(seed: seed)
            try simulation.run()
            return simulation.journal()
        }

        #expect(journals[0] == journals[1])
        #expect(!journals[0].isEmpty)
    }

    @Test(
        "A clock on the wall that is set changes nothing for jobs without a due time",
        arguments: [8, 13, 21, 34, 55, 89] as [UInt64]
    )
    func ignoresTheWall(seed: UInt64) throws {
        let journals = try [Simulation.Without.dueTimes, [.dueTimes, .jumps]].map { without in
            let simulation = try Simulation(seed: seed, without: without)
            try simulation.run()
            return simulation.journal()
        }

        #expect(journals[0] == journals[1])
        #expect(!journals[0].isEmpty)
    }

    @Test(
        "It notices what is wrong with the parts, within 200 seeds",
        arguments: Sabotage.allCases.filter { $0 != .none }
    )
    func notices(sabotage: Sabotage) throws {
        let found = (1...200).contains { seed in
            do {
                try Simulation(seed: UInt64(seed), sabotage: sabotage).run()
                return false
            } catch {
                return error is Violation
            }
        }

        #expect(found)
    }
}
