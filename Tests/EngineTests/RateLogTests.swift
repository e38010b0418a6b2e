import Model
import Testing

@testable import Engine

@Suite("What is kept of when jobs began")
struct RateLogTests {
    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    /// Lets as many begin as may, at each of these moments; returns the moments of all.
    private func fill(_ rule: Rates.Rule, _ moments: some Swift.Sequence<Int64>) -> [Int64] {
        var log = RateLog()
        var begun: [Int64] = []
        for moment in moments {
            log.forget(at: at(moment), rule)
            while log.room(rule) > 0 {
                log.note(at: at(moment), rule)
                begun.append(moment)
            }
            // As it would be after a crash.
            if moment % 7 == 0 { log = RateLog(log.text) }
        }
        return begun
    }

    @Test(
        "No span of time ever holds more than the rate says, also for large rates",
        arguments: [(1, 10), (3, 100), (64, 1000), (65, 1000), (1000, 1000), (10_000, 60_000)]
            as [(Int, Int64)]
    )
    func bound(_ most: Int, _ span: Int64) {
        let rule = Rates.Rule("a", most, per: span)
        let begun = fill(rule, stride(from: 1_000_000, to: 1_000_000 + 5 * span, by: 3))
        #expect(begun.count >= 4 * most)
        for (index, moment) in begun.enumerated() where index >= most {
            #expect(moment - begun[index - most] >= span)
        }
    }

    @Test("What is kept is bounded, whatever the rate")
    func size() {
        let rule = Rates.Rule("a", 10_000, per: 60_000)
        var log = RateLog()
        for moment in 1_000_000..<1_060_000 where moment % 6 == 0 {
            log.note(at: at(Int64(moment)), rule)
        }
        #expect(log.text.split(separator: " ").count <= 66)
    }

    @Test(
        "Text that makes no sense is left out",
        arguments: ["", "x", "1@", "@5", "-1@5", "0@5", "1@9223372036854775808", "1@5 2@3 x@y"]
    )
    func damage(_ text: String) {
        #expect(RateLog(text).used == (text.hasPrefix("1@5") ? 1 : 0))
    }

    @Test("Names read back as they were, whatever an account is called")
    func names() throws {
        let rule = Rates.Rule("*@account/*", 1, per: 1)
        let name = try #require(rule.name(kind: "k", lane: "control", account: "a|b=c d"))
        #expect(!name.text.contains("|"))
        #expect(RateName(name.text)?.place == "account/a%7Cb=c d")
        #expect(RateName("snapshot@host/a") == nil)
        let queue = QueueName(lane: "control", hasBegun: false, limits: [name.text])
        #expect(QueueName(queue.text) == queue)
    }
}
