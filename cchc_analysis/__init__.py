"""Analytics for Vietnamese one-stop offices."""
