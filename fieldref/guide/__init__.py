"""What we tell people: files become the guide, the guide becomes pages. It knows of nobody's referral."""
