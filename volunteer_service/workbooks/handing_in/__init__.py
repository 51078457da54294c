"""Files on their way in: uploads that go on after a cut line, and files handed in twice."""
