import Model
import Testing

@Suite("Jobs as comma-separated values")
struct JobCSVTests {
    @Test("have as many fields as there are headings, and lines that end as RFC 4180 says")
    func lines() {
        let line = JobCSV.line(Samples.job())
        #expect(line.hasSuffix("\r\n"))
        #expect(JobCSV.heading.hasPrefix("id,uuid,parentId,rootId,kind,target"))
        let commas = { (text: String) in text.count { $0 == "," } }
        #expect(commas(line) == commas(JobCSV.heading))
    }

    @Test("have the job's state in Signalbox's words and in those of the four systems")
    func states() {
        let line = JobCSV.line(Samples.job(.aborted))
        for word in ["aborted", "FAILED", "CANCELED", "Aborted", "ABORTED"] {
            #expect(line.contains("," + word), "\(word)")
        }
    }

    @Test(
        "quote what must be, and disarm what a spreadsheet would run",
        arguments: [
            ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("a\nb", "\"a\nb\""),
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"), ("=a,b", "\"'=a,b\""), ("plain", "plain"),
            ("password=hunter2", "password=********"),
        ]
    )
    func quoting(_ message: String, _ field: String) {
        let line = JobCSV.line(Samples.job { $0.message = message })
        #expect(line.contains("," + field + ","), "\(line)")
    }

    @Test("leave negative numbers numbers")
    func numbers() {
        #expect(JobCSV.line(Samples.job { $0.priority = -3 }).contains(",-3,"))
    }
}
