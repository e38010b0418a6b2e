import Foundation
import Model
import Store

/// Follows the runs of the schedules: each instant must come up once, in order, whatever becomes
/// of engines and clocks.
struct ScheduleInspector {
    fileprivate struct Followed {
        let schedule: Schedule
        let pace: YearlyRounds.Pace
        let zone: any ZoneRules
        let calendar: Calendar
        /// The number of its newest run that was seen.
        var number: Int64 = 0
        /// The instant that comes next.
        var next: Timestamp?
        /// The instant before.
        var last: Timestamp?
    }

    private var followed: [Followed] = []
    /// How many instants came up.
    private(set) var instants = 0

    /// Follows these schedules from that moment on.
    init(_ rounds: [YearlyRounds.Round], from start: Timestamp) throws {
        for round in rounds {
            let zone = try NamedZone(round.schedule.zone)
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = TimeZone(identifier: round.schedule.zone) ?? .gmt
            followed.append(
                Followed(
                    schedule: round.schedule,
                    pace: round.pace,
                    zone: zone,
                    calendar: calendar,
                    next: round.schedule.next(after: start, in: zone)
                )
            )
        }
    }

    /// Reads the runs that are new; returns what is wrong with them.
    mutating func look(_ reader: any StoreReader) throws -> [String] {
        var wrong: [String] = []
        for index in followed.indices {
            let name = followed[index].schedule.name
            guard let state = try reader.schedule(named: name)?.state else {
                wrong.append("\(name) has vanished")
                continue
            }
            guard state.runs > followed[index].number else { continue }
            let new = Int(state.runs - followed[index].number)
            let runs = try reader.runs(ofSchedule: state.number, limit: new)
            if runs.count < new { wrong.append("\(name) lost \(new - runs.count) of its runs") }
            for run in runs.reversed() { wrong += follow(run, index) }
        }
        return wrong
    }

    private mutating func follow(_ run: ScheduleRun, _ index: Int) -> [String] {
        var item = followed[index]
        defer { followed[index] = item }
        let name = item.schedule.name
        var wrong: [String] = []
        if run.number != item.number + 1 { wrong.append("\(name) has no run \(item.number + 1)") }
        item.number = run.number
        guard !run.isManual else { return wrong }
        if run.due != item.next {
            let next = item.next?.description ?? "no time"
            wrong.append("\(name) came up at \(run.due), not at \(next)")
            item.last = nil
        }
        var due = run.due
        for _ in 0..<max(1, run.count) {
            instants += 1
            if let last = item.last, !item.isNext(due, after: last) {
                wrong.append("\(name) came up at \(last), and then at \(due)")
            }
            item.last = due
            item.next = item.schedule.next(after: due, in: item.zone)
            due = item.next ?? due
        }
        return wrong
    }
}

extension ScheduleInspector.Followed {
    /// Whether one instant follows another as its pace demands, by another calendar than that of
    /// the schedules.
    fileprivate func isNext(_ due: Timestamp, after last: Timestamp) -> Bool {
        switch pace {
        case .elapsed(let milliseconds): return due - last == milliseconds
        case .dates(let days):
            let (day, before) = (
                calendar.startOfDay(for: due.date), calendar.startOfDay(for: last.date)
            )
            return calendar.dateComponents([.day], from: before, to: day).day == days
        }
    }
}

extension Timestamp {
    fileprivate var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
