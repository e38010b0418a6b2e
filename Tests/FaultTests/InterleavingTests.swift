import Foundation
import Model
import TestKit
import Testing

@Suite("Two engines and two jobs")
struct InterleavingTests {
    /// How many things happen; each one more takes six times as long.
    private static let length =
        ProcessInfo.processInfo.environment["SIGNALBOX_DEPTH"].flatMap { Int($0) } ?? 4

    @Test(
        "do everything once and never at the same time, in whatever order things happen",
        arguments: Happening.allCases.filter { $0 != .abort }
    )
    func everyOrder(first: Happening) throws {
        let others = Happening.allCases.filter { $0 != .abort }
        for rest in Self.words(of: others, length: Self.length - 1) {
            let order = [first] + rest
            var play = try Interleaving()
            try play.play(order)

            let comment = Comment(rawValue: order.map(\.rawValue).joined())
            #expect(play.findings.isEmpty, comment)
            let states = try play.jobs.map { try play.bench.job($0).state }
            #expect(states == [.completed, .completed], comment)
            #expect(play.effects.count == 4, comment)
            #expect(play.effects.values.allSatisfy { $0 == 1 }, comment)
        }
    }

    @Test("undo exactly what was done, wherever an abort comes between", arguments: 0..<4)
    func aborted(place: Int) throws {
        let others = Happening.allCases.filter { $0 != .abort }
        for word in Self.words(of: others, length: Self.length - 1) {
            var order = word
            order.insert(.abort, at: min(place, order.count))
            var play = try Interleaving()
            try play.play(order)

            let comment = Comment(rawValue: order.map(\.rawValue).joined())
            #expect(play.findings.isEmpty, comment)
            let states = try play.jobs.map { try play.bench.job($0).state }
            #expect(states[0] == .aborted || states[0] == .completed, comment)
            #expect(states[1] == .completed, comment)
            #expect(play.effects.values.allSatisfy { $0 == 1 }, comment)
            let first = play.jobs[0].number
            for verb in ["a", "b"] where states[0] == .aborted {
                let isDone = play.effects["\(first) \(verb)"] != nil
                #expect((play.effects["\(first) undo \(verb)"] != nil) == isDone, comment)
            }
        }
    }

    /// Every sequence of so many of these.
    private static func words(of letters: [Happening], length: Int) -> [[Happening]] {
        (0..<length).reduce([[]]) { words, _ in
            words.flatMap { word in letters.map { word + [$0] } }
        }
    }
}
