import Engine
import Foundation
import Model
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

    @Test("What must hold holds after every step, and everything settles", arguments: 0..<chunks)
    func holds(chunk: Int) {
        let seeds = Self.wanted ?? Self.usualSeeds
        for seed in seeds where seed % UInt64(Self.chunks) == chunk {
            guard Self.run(seed) else { return }
        }
    }

    @discardableResult
    private static func run(_ seed: UInt64) -> Bool {
        do {
            let simulation = try Simulation(seed: seed)
            do {
                try simulation.run()
                return true
            } catch {
                let tail = wanted?.count == 1 ? "\n" + simulation.tail() : ""
                Issue.record("SIGNALBOX_SEED=\(seed), step \(simulation.steps): \(error)\(tail)")
            }
        } catch {
            Issue.record("SIGNALBOX_SEED=\(seed): \(error)")
        }
        return false
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
