import Model
import Store
import Testing

@testable import Engine

@Suite("Names and chance")
struct PureTests {
    @Test(
        "An operation's name can be read back",
        arguments: [
            OperationName(job: JobID(5948), step: 2, attempt: 1),
            OperationName(job: JobID(1), step: 0, attempt: 12, isUndo: true),
        ]
    )
    func roundTrip(name: OperationName) {
        #expect(OperationName(name.description) == name)
    }

    @Test("An operation's name looks as the documentation says")
    func spelling() {
        #expect(OperationName(job: JobID(5948), step: 2, attempt: 1).description == "5948/2/1")
        let undo = OperationName(job: JobID(5948), step: 2, attempt: 3, isUndo: true)
        #expect(undo.description == "5948/2/u3")
    }

    @Test(
        "What is no operation's name is not taken for one",
        arguments: ["", "1/2", "1/2/3/4", "a/2/3", "1/b/3", "1/2/c", "1/2/uu3", "1//3", "1/2/u"]
    )
    func rejects(text: String) {
        #expect(OperationName(text) == nil)
    }

    @Test("The same seed gives the same numbers, another one others")
    func chance() {
        var left = SeededChance(seed: 7)
        var right = SeededChance(seed: 7)
        var other = SeededChance(seed: 8)

        let numbers = (0..<100).map { _ in left.next() }
        #expect(numbers == (0..<100).map { _ in right.next() })
        #expect(numbers != (0..<100).map { _ in other.next() })
        #expect(Set(numbers).count == 100)
    }

    @Test("UUIDs are of version 7 and grow with time")
    func uuids() {
        var chance = SeededChance(seed: 7)
        let moments = (0..<50).map { Timestamp(milliseconds: 1_800_000_000_000 + $0) }

        let uuids = moments.map { chance.uuid(at: $0) }

        #expect(uuids == uuids.sorted())
        for uuid in uuids {
            let parts = uuid.split(separator: "-")
            #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
            #expect(parts[2].first == "7")
            #expect("89ab".contains(parts[3].first ?? "x"))
        }
    }
}

@Suite("A lane")
struct LaneTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    @Test("has as many free slots as are not taken, never fewer than none")
    func slots() {
        var lane = Lane(slots: 3)
        #expect(lane.free(at: now) == 3)
        lane.used = 2
        #expect(lane.free(at: now) == 1)
        lane.used = 5
        #expect(lane.free(at: now) == 0)
    }

    @Test("is closed for five seconds, and twice as long each time after that, up to a minute")
    func closures() {
        var lane = Lane(slots: 3)
        var moment = now
        var pauses: [Int64] = []
        for _ in 0..<6 {
            lane.close(at: moment, reason: "no answer")
            let until = lane.closedUntil ?? moment
            pauses.append(until - moment)
            #expect(lane.free(at: until + -1) == 0)
            moment = until
        }
        #expect(pauses == [5000, 10_000, 20_000, 40_000, 60_000, 60_000])
    }

    @Test("is not closed longer by answers to calls that were on their way when it closed")
    func closesOnce() {
        var lane = Lane(slots: 3)
        for _ in 0..<3 { lane.close(at: now, reason: "no answer") }
        #expect(lane.closedUntil == now + 5000)
    }

    @Test("is tried with one operation when its closure has run out")
    func trying() {
        var lane = Lane(slots: 3)
        lane.close(at: now, reason: "no answer")
        #expect(lane.free(at: now + 5000) == 3)
        #expect(lane.atOnce(at: now + 5000) == 1)
        lane.isTrying = true
        #expect(lane.free(at: now + 5000) == 0)
        lane.open()
        #expect(lane.free(at: now + 5000) == 3)
        lane.close(at: now + 6000, reason: "no answer")
        #expect(lane.closedUntil == now + 11_000)
    }
}
