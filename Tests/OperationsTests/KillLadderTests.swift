import Testing

@testable import Operations

/// When a run is asked to end, and when it is killed.
@Suite("The ladder of a run")
struct KillLadderTests {
    private func facts(
        _ now: Int64,
        stop: Bool = false,
        ended: Bool = false,
        living: Int = 1
    ) -> KillLadder.Facts {
        KillLadder.Facts(now: now, isStopAsked: stop, hasEnded: ended, living: living)
    }

    @Test("waits for a program that nobody stops, without looking again and again")
    func waits() {
        var ladder = KillLadder(grace: 1000, timeout: nil, from: 0)
        #expect(ladder.decide(facts(5)) == .wait(nil))
        #expect(ladder.decide(facts(50_000_000)) == .wait(nil))
        #expect(ladder.decide(facts(60_000_000, ended: true, living: 0)) == .over)
        #expect(ladder.stop == nil)
    }

    @Test("asks first, and kills when the grace is over")
    func asksThenKills() {
        var ladder = KillLadder(grace: 1000, timeout: nil, from: 0)
        #expect(ladder.decide(facts(100, stop: true)) == .ask)
        #expect(ladder.decide(facts(100, stop: true)) == .wait(KillLadder.glance))
        #expect(ladder.decide(facts(1090, stop: true)) == .wait(10))
        #expect(ladder.decide(facts(1100, stop: true)) == .kill)
        #expect(ladder.decide(facts(1120, stop: true)) == .kill)
        #expect(ladder.decide(facts(1140, stop: true, ended: true, living: 0)) == .over)
        #expect(ladder.stop == .asked)
    }

    @Test("does not kill what ends when it is asked")
    func endsWhenAsked() {
        var ladder = KillLadder(grace: 1000, timeout: nil, from: 0)
        #expect(ladder.decide(facts(100, stop: true)) == .ask)
        #expect(ladder.decide(facts(120, stop: true, ended: true, living: 0)) == .over)
    }

    @Test("ends what runs for too long")
    func timesOut() {
        var ladder = KillLadder(grace: 1000, timeout: 500, from: 100)
        #expect(ladder.decide(facts(200)) == .wait(400))
        #expect(ladder.decide(facts(600)) == .ask)
        #expect(ladder.stop == .timeout)
    }

    @Test("ends what a program leaves behind, and calls that no stop")
    func leftBehind() {
        var ladder = KillLadder(grace: 60_000, timeout: nil, from: 0)
        #expect(ladder.decide(facts(10, ended: true, living: 2)) == .ask)
        let end = 10 + KillLadder.longestFarewell
        #expect(ladder.decide(facts(end, ended: true, living: 2)) == .kill)
        #expect(ladder.decide(facts(end + 1, ended: true, living: 0)) == .over)
        #expect(ladder.stop == nil)
    }

    @Test("gives up on what cannot be killed")
    func givesUp() {
        var ladder = KillLadder(grace: 0, timeout: nil, from: 0)
        #expect(ladder.decide(facts(0, stop: true)) == .ask)
        #expect(ladder.decide(facts(0, stop: true)) == .kill)
        let last = KillLadder.longestKilling
        #expect(ladder.decide(facts(last - 1, stop: true)) == .kill)
        #expect(ladder.decide(facts(last, stop: true)) == .over)
    }
}
