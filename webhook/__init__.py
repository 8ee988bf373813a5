"""The Flask app that senders talk to: Twilio's messages and statuses, and the events of chatbots elsewhere."""
