import Engine
import Foundation
import Model
import TestKit
import Testing

@Suite("The simulation")
struct SimulationTests {
    /// How many seeds are run, and in how many pieces that can run side by side.
    private static let chunks = 20
    private static let seedsPerChunk = 50

    /// One seed to be replayed instead of all; from the environment, for whoever looks into one.
    private static let replayed = ProcessInfo.processInfo.environment["SIGNALBOX_SEED"]
        .flatMap { UInt64($0) }

    @Test("What must hold holds after every step, and everything settles", arguments: 0..<chunks)
    func holds(chunk: Int) throws {
        if let seed = Self.replayed {
            if chunk == 0 { Self.run(seed) }
            return
        }
        for index in 0..<Self.seedsPerChunk {
            guard Self.run(UInt64(chunk * Self.seedsPerChunk + index + 1)) else { return }
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
                let tail = replayed == nil ? "" : "\n" + simulation.tail(of: error)
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
            return try simulation.journal()
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
